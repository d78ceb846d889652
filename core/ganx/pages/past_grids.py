"""The sample grids of a run over time, few and small enough for a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from ganx.errors import RunError
from ganx.pages.embedded import data_address
from ganx.runs.directory import RunDirectory

Item = TypeVar("Item")

MOST = 24
BUDGET = 1_600_000
"""Characters that the pictures may take in all."""

_QUALITY = 85


@dataclass(frozen=True)
class GridPicture:
    """The grid of one moment."""

    images_seen: int
    address: str


@dataclass(frozen=True)
class History:
    """Grids in the order of training."""

    pictures: Sequence[GridPicture]
    kept: int
    """How many the run has; more than there are pictures where they were thinned."""


def history_of(run: RunDirectory, most: int = MOST, budget: int = BUDGET) -> History:
    """Choose evenly spaced grids, the first and the last among them; fewer where they are large.

    Raises ``RunError`` for a picture that cannot be read.
    """
    paths = sorted(path for path in run.grids.glob("*.png") if path.stem.isdecimal())
    pictures = [_picture(path) for path in _evenly(paths, most)]
    size = sum(len(picture.address) for picture in pictures)
    room = max(2, len(pictures) * budget // size) if size else 0
    return History(_evenly(pictures, room), len(paths))


def _evenly(items: Sequence[Item], most: int) -> list[Item]:
    """Keep at most so many, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[index] for index in np.linspace(0, len(items) - 1, most).round().astype(int)]


def _picture(path: Path) -> GridPicture:
    try:
        with Image.open(path) as picture:
            picture.load()
            return GridPicture(int(path.stem), data_address(picture, _QUALITY))
    except OSError as error:
        raise RunError(f"Cannot read the grid {path}: {error}. Remove it.") from None
