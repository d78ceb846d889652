"""The page of a comparison: ``ganx compare -o``."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup
from PIL import Image

from ganx.comparing.comparison import Comparison
from ganx.comparing.contender import Contender
from ganx.comparing.history import History, histories
from ganx.comparing.table import Row
from ganx.comparing.verdict import HOW
from ganx.errors import RunError
from ganx.files import replace_text, writing
from ganx.pages.curve_lines import COLOURS, Curve
from ganx.pages.curve_names import in_words
from ganx.pages.curves import Level, curve_panel
from ganx.pages.embedded import data_address
from ganx.pages.page import render_page


@dataclass(frozen=True)
class Grid:
    """The sample grid of a run."""

    name: str
    images_seen: int
    address: str


def write_compare_page(comparison: Comparison, path: Path) -> None:
    """Write the page as one file. Raises ``RunError`` when the system refuses."""
    page = compare_page(comparison)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, page)


def compare_page(comparison: Comparison) -> str:
    """Render the page; it holds all pictures, and asks nothing of the network."""
    found = histories(comparison.contenders)
    return render_page(
        "compare.html.j2",
        comparison=comparison,
        protocol=comparison.contenders[0].evaluation.protocol,
        scopes=_scopes(comparison),
        panels=[_panel(comparison, one) for one in found],
        from_kept=any(one.from_kept for one in found),
        from_training=any(not one.from_kept for one in found),
        grids=[grid for one in comparison.contenders for grid in _grid(one)],
        settings=[
            (one.key, [_value(value) for value in one.values]) for one in comparison.settings
        ],
        notes=[(one.name, note) for one in comparison.contenders for note in one.evaluation.notes],
        how=HOW,
    )


def _scopes(comparison: Comparison) -> list[tuple[str, list[Row]]]:
    """Gather the rows of each set of prompts under a heading."""
    prompts = comparison.contenders[0].evaluation.protocol.prompts
    found = []
    for scope, rows in groupby(comparison.rows, key=lambda row: row.scope):
        known = prompts.get(scope)
        found.append((f"{scope}, {known.count} prompts" if known else scope, list(rows)))
    return found


def _panel(comparison: Comparison, history: History) -> Markup:
    """Lay the curves of all runs over each other."""
    curves = [
        Curve(name, seen, values, index % COLOURS, index // COLOURS)
        for index, (name, (seen, values)) in enumerate(
            zip(comparison.names, history.points, strict=True)
        )
    ]
    return curve_panel(
        _title(comparison, history),
        curves,
        share=history.sample.is_share,
        levels=_levels(comparison, history.name),
    )


def _title(comparison: Comparison, history: History) -> str:
    """Name a score, with the real images that it was held against then."""
    scope = history.name.partition(".")[0]
    sample = history.sample
    figure = sample.title if history.from_kept else in_words(history.name, sample.against)
    if scope in comparison.contenders[0].evaluation.protocol.prompts:
        return f"{figure} on {scope}"
    return f"{scope.capitalize()}: {figure}"


def _levels(comparison: Comparison, name: str) -> list[Level]:
    """Draw what shuffled conditions give, in the mean of all runs."""
    figures = [dict(one.evaluation.figures()).get(name) for one in comparison.contenders]
    means = [one.chance.mean for one in figures if one and one.chance]
    return [Level("labels shuffled", float(np.mean(means)))] if means else []


def _grid(contender: Contender) -> Iterator[Grid]:
    """Read the newest grid up to the moment that is evaluated, or else the first."""
    if contender.run is None:
        return
    paths = sorted(path for path in contender.run.grids.glob("*.png") if path.stem.isdecimal())
    before = [path for path in paths if int(path.stem) <= contender.images_seen]
    for path in before[-1:] or paths[:1]:
        yield Grid(contender.name, int(path.stem), _address(path))


def _address(path: Path) -> str:
    """Put a picture into the page. Raises ``RunError`` for one that cannot be read."""
    try:
        with Image.open(path) as picture:
            return data_address(picture.convert("RGB"))
    except OSError as error:
        raise RunError(f"Cannot read the grid {path}: {error}. Remove it.") from None


def _value(value: Any) -> str:
    """Write a setting; a dash where a run has none."""
    if value is None:
        return "–"  # noqa: RUF001 -- a dash, for what there is no value of
    return value if isinstance(value, str) else json.dumps(value)
