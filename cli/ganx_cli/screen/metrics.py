"""``ganx metrics`` for people: each curve in five numbers.

Shapes: a curve has T readings, at ``seen`` [T] images seen.
"""

import math
from collections.abc import Iterable, Sequence

import click
import numpy as np

from ganx.pages.curve_names import Panel, panels
from ganx.runs.directory import RunDirectory
from ganx.runs.metrics import Column, Metrics
from ganx_cli.screen.tables import heading

_RECENT = 0.02
"""The share of a run that is its recent past."""

_OF_READINGS = ("first", "last", "recent", "lowest", "highest")
_OF_SCORES = ("last", "lowest", "at", "highest", "at")

_LARGE = 10_000
"""From here on, no digit behind the point is of interest."""

Row = tuple[str, Sequence[str]]
"""A name, and numbers in words."""


def print_metrics(run: RunDirectory, metrics: Metrics, asked: Sequence[str]) -> None:
    """Print all metrics, or those that were asked for, in the panels of their curves."""
    seen = metrics.images_seen
    width = _RECENT * float(np.ptp(seen))
    names = asked or [name for name in metrics.columns if name != "iteration"]
    tables = [_table(panel, metrics, width) for panel in panels(metrics, names)]
    click.echo(f"{run.path.resolve().name}: {len(seen):,} lines up to {seen[-1]:,.0f} images seen")
    _print_aligned(tables)
    heads = {head for table in tables for head in table[0][1]}
    click.echo()
    if "recent" in heads:
        click.echo(f"recent: the mean over the last {width:,.0f} images seen")
    if "at" in heads:
        click.echo("at: the images seen at that score")
        _print_best(run)


def _table(panel: Panel, metrics: Metrics, width: float) -> list[Row]:
    """Sum up the curves of one panel, under their heads."""
    heads = _OF_SCORES if panel.is_of_scores else _OF_READINGS
    table: list[Row] = [(panel.title, heads)]
    for name in panel.names:
        seen, values = metrics.series(name)
        if not len(values):
            cells = ["-"] * len(heads)
        elif panel.is_of_scores:
            cells = _score(seen, values)
        else:
            cells = _readings(seen, values, width)
        table.append((f"  {name}", cells))
    return table


def _readings(seen: Column, values: Column, width: float) -> list[str]:
    """Sum up a curve that scatters."""
    recent = values[seen >= seen[-1] - width].mean()
    return [_number(one) for one in (values[0], values[-1], recent, values.min(), values.max())]


def _score(seen: Column, values: Column) -> list[str]:
    """Tell a score's extremes, the earliest ones, and where they were reached."""
    low, high = values.argmin(), values.argmax()
    return [
        _number(values[-1]),
        *(_number(values[low]), f"{seen[low]:,.0f}"),
        *(_number(values[high]), f"{seen[high]:,.0f}"),
    ]


def _number(value: float) -> str:
    """Write four digits that count."""
    return f"{value:,.0f}" if _LARGE <= abs(value) < math.inf else f"{value:.4g}"


def _print_aligned(tables: Iterable[Sequence[Row]]) -> None:
    """Print tables below each other; those with the same heads have columns of the same widths."""
    listed = list(tables)
    name_width = max(len(name) for table in listed for name, _ in table)
    for table in listed:
        alike = [cells for one in listed if one[0][1] == table[0][1] for _, cells in one]
        widths = [max(map(len, column)) for column in zip(*alike, strict=True)]
        click.echo()
        for position, (name, cells) in enumerate(table):
            padded = [cell.rjust(width) for cell, width in zip(cells, widths, strict=True)]
            line = "  ".join([name.ljust(name_width), *padded])
            (click.echo if position else heading)(line)


def _print_best(run: RunDirectory) -> None:
    best = run.best()
    if best:
        click.echo(
            f"best checkpoint: {best.images_seen:,} images seen, {best.metric} "
            f"{_number(best.value)}, selected on {best.select_on}"
        )
