"""A sheet of some images of a data set: which, in what order, and what stands below them.

Shapes: N images; K is the size of the condition.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL.PngImagePlugin import PngInfo

from ganx.contracts.dataset import Dataset, FileSource, ImageSource
from ganx.data.damaged import DamagedImagesError
from ganx.pictures.grid import save_picture
from ganx.pictures.sheets import labelled_sheet
from ganx_cli.work.look_source import MARK

UNREADABLE = "(cannot be decoded)"
"""Below an empty square."""

_EMPTY = 225

NO_LABEL = "(no label)"
"""Below an image that has none of the labels."""


def write_sheet(dataset: Dataset, count: int, seed: int, path: Path) -> dict[str, Any]:
    """Write ``count`` images, drawn by the seed, with labels and files' names below them.

    Returns the file, the seed, the images' indices, in the order of the sheet, and what is wrong
    with those that cannot be decoded, for which there is an empty square. Raises ``DataError``
    where a source cannot be read and ``RunError`` where the picture cannot be written.
    """
    chosen = choose(dataset.conditions, len(dataset.images), count, seed)
    indices = sorted(chosen, key=lambda index: (_place(dataset.conditions[index]), index))
    damaged: dict[int, str] = {}
    images = torch.cat([_read(dataset, index, damaged) for index in indices])
    texts = [UNREADABLE if index in damaged else _text(dataset, index) for index in indices]
    names = _names(dataset.images, indices)
    save_picture(labelled_sheet(images, texts, names), path, **_marked(path))
    return {
        "file": str(path),
        "seed": seed,
        "images": indices,
        "damaged": [*damaged.values()],
    }


def choose(conditions: NDArray[np.uint8], total: int, count: int, seed: int) -> list[int]:
    """Choose images so that each value of ``conditions`` [N, K] is seen, as far as they suffice.

    Again and again an image is taken of the value that was seen least so far; that an image has
    no value counts as one. Which image, and which of equally rare values comes first, is chance.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(total)
    count = min(count, total)
    size = conditions.shape[1]
    turns = rng.permutation(size + 1)
    waiting: dict[int, Iterator[int]] = {}
    seen = np.zeros(size + 1)
    taken: dict[int, None] = {}
    while len(taken) < count:
        value = int(turns[np.argmin(seen[turns])])
        if value not in waiting:
            waiting[value] = iter(order[_shows(conditions, value)[order]].tolist())
        image = next((one for one in waiting[value] if one not in taken), None)
        if image is None:
            seen[value] = np.inf
            continue
        taken[image] = None
        row = conditions[image]
        seen[np.append(row, not row.any()).astype(bool)] += 1
    return list(taken)


def _shows(conditions: NDArray[np.uint8], value: int) -> NDArray[np.bool_]:
    """Tell for each image whether it shows a value; behind the last value, whether it has none."""
    if value < conditions.shape[1]:
        return conditions[:, value].astype(bool)
    return np.logical_not(conditions.any(axis=1))


def _place(row: NDArray[np.uint8]) -> tuple[bool, list[int]]:
    """Return where an image belongs on the sheet: by its first value; last, where it has none."""
    return not row.any(), np.flatnonzero(row).tolist()


def _names(source: ImageSource, indices: list[int]) -> list[str]:
    """Name the files of images, where they are files."""
    return [source.names[index] for index in indices] if isinstance(source, FileSource) else []


def _marked(path: Path) -> dict[str, Any]:
    """Return the options by which a PNG says that it is a sheet."""
    if path.suffix.lower() != ".png":
        return {}
    information = PngInfo()
    for key, text in MARK.items():
        information.add_text(key, text)
    return {"pnginfo": information}


def _read(dataset: Dataset, index: int, damaged: dict[int, str]) -> torch.Tensor:
    """Read one image, uint8 [1, H, W, C]; note what is wrong with it and take an empty square."""
    try:
        return dataset.images.read(index, index + 1, "cpu")
    except DamagedImagesError as error:
        (one,) = error.damages
        damaged[index] = f"{one.place}: {one.reason}"
    side, channels = dataset.interface.resolution, dataset.interface.channels
    return torch.full((1, side, side, channels), _EMPTY, dtype=torch.uint8)


def _text(dataset: Dataset, index: int) -> str:
    """Say what an image shows; without conditions, which image it is."""
    condition = dataset.interface.condition
    if condition.kind == "none":
        return f"{index}"
    return condition.decode(dataset.conditions[index]) or NO_LABEL
