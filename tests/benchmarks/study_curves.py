"""Curves of a study: a panel for each recipe, a colour for each change, dotted shuffled prompts."""

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

from study_rule import shows_from
from study_runs import Course

_COLUMNS = 3
_HEIGHT = 2.9
_WIDTH = 3.9


def draw_curves(courses: Sequence[Course], figure: str, path: Path, *, log: bool = False) -> None:
    """Draw a score over images seen; a ring is where labels begin to show."""
    from matplotlib.figure import Figure as Canvas
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    recipes = list(dict.fromkeys(one.recipe for one in courses))
    changes = list(dict.fromkeys(one.change for one in courses))
    columns = min(_COLUMNS, len(recipes)) if len(recipes) != _COLUMNS + 1 else 2
    rows = ceil(len(recipes) / columns)
    canvas = Canvas(figsize=(_WIDTH * columns, _HEIGHT * rows + 0.5), layout="constrained")
    axes = canvas.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).flat
    handles: dict[str, Any] = {}
    for axis, recipe in zip(axes, recipes, strict=False):
        for one in courses:
            if one.recipe == recipe:
                number = changes.index(one.change)
                handles[one.change] = _draw(axis, one, figure, f"C{number % 10}", number >= 10)
        axis.set_title(recipe, fontsize=10)
        axis.grid(alpha=0.25)
        if log:
            axis.set_xscale("log")
            axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.xaxis.set_minor_formatter(NullFormatter())
        axis.xaxis.set_major_formatter(FuncFormatter(_thousands))
    for axis in list(axes)[len(recipes) :]:
        axis.axis("off")
    canvas.supxlabel("images seen", fontsize=9)
    canvas.supylabel(f"{figure}, all sets of prompts", fontsize=9)
    lines = [handles[change] for change in changes]
    canvas.legend(
        lines, changes, loc="outside upper center", ncols=min(5, len(changes)), fontsize=9
    )
    canvas.savefig(path, dpi=120)


def _thousands(seen: float, place: int) -> str:
    """Write a number of images on the axis."""
    del place
    return f"{seen / 1000:g}k" if seen else "0"


def _draw(axis: Any, one: Course, figure: str, colour: str, dashed: bool) -> Any:
    """Draw one run, and return its line."""
    course = one.scores(figure)
    seen = [moment for moment, _ in course]
    style = "--" if dashed else "-"
    means = [score.mean for _, score in course]
    (line,) = axis.plot(seen, means, color=colour, ls=style, lw=1.4, marker=".", ms=3)
    chances = [score.chance.mean if score.chance else float("nan") for _, score in course]
    axis.plot(seen, chances, color=colour, lw=0.9, ls=":")
    begun = shows_from(course)
    if begun is not None:
        at = means[seen.index(begun)]
        axis.plot([begun], [at], marker="o", ms=8, mfc="none", mec=colour, ls="")
    return line
