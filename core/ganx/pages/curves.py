"""Curves over images seen as a piece of a page: SVG, readable by mouse, touch and keyboard.

Shapes: a curve has T readings, at ``seen`` [T] images seen, in ascending order.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from ganx.pages.curve_lines import FEW, Curve, extremes
from ganx.pages.page import render_part
from ganx.pages.scale import Scale
from ganx.pages.smoothing import running_mean, thinned
from ganx.runs.metrics import Column

_POINTS = 300
_SIDE = 1000
"""Units of the drawing, both ways; the page stretches it to the room there is."""

_MARGIN = 0.04


@dataclass(frozen=True)
class Level:
    """A value to hold curves against, such as that of shuffled labels."""

    label: str
    value: float


@dataclass(frozen=True)
class _Drawn:
    """A curve as the template draws it."""

    curve: Curve
    mean: str
    """The path of the smoothed curve."""

    readings: str
    """The path of the readings behind it; empty where they are the same."""

    dots: str
    last: float


def curve_panel(
    title: str,
    curves: Sequence[Curve],
    *,
    smooth: float = 0.0,
    share: bool = False,
    levels: Sequence[Level] = (),
    reach: tuple[float, float] | None = None,
) -> Markup:
    """Draw curves with one scale.

    Each point is the mean of the readings within ``smooth`` images, which stand faintly behind it;
    0 draws them as they are. ``share`` fixes the scale from 0 to 1. ``reach`` is the first and the
    last number of images seen that the axis covers, else those of the curves. Empty when there is
    no reading.
    """
    filled = [curve for curve in curves if len(curve.values)]
    if not filled:
        return Markup("")
    means = [running_mean(curve.seen, curve.values, smooth) for curve in filled]
    ends = reach or [float(s) for c in filled for s in (c.seen[0], c.seen[-1])]
    across = Scale.covering(ends)
    up = Scale(0.0, 1.0) if share else _up(filled, means, levels)
    drawn = [_drawn(*pair, across, up) for pair in zip(filled, means, strict=True)]
    return render_part(
        "curves.html.j2",
        title=title,
        drawn=drawn,
        across=across,
        up=up,
        levels=levels,
        data=json.dumps([_readings(*pair) for pair in zip(filled, means, strict=True)]),
    )


def _up(curves: Sequence[Curve], means: Sequence[Column], levels: Sequence[Level]) -> Scale:
    """Make room for the curves, but for the few readings that lie far outside."""
    beside = [level.value for level in levels]
    return Scale.covering([*beside, *extremes(curves, means)], _MARGIN)


def _drawn(curve: Curve, mean: Column, across: Scale, up: Scale) -> _Drawn:
    """Turn a curve into paths."""
    points = _points(curve.seen, mean, across, up)
    is_smoothed = not np.allclose(mean, curve.values)
    dots = "".join(f"M{x} {y}h0" for x, y in points) if len(curve.values) <= FEW else ""
    behind = _points(curve.seen, curve.values, across, up) if is_smoothed else []
    return _Drawn(curve, _path(points), _path(behind), dots, float(mean[-1]))


def _points(seen: Column, values: Column, across: Scale, up: Scale) -> list[tuple[int, int]]:
    """Place a thinned curve in the drawing, whose rows count from the top."""
    kept = zip(*(column.tolist() for column in thinned(seen, values, _POINTS)), strict=True)
    return [(round(_SIDE * across.share(x)), round(_SIDE * (1 - up.share(y)))) for x, y in kept]


def _path(points: Sequence[tuple[int, int]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) if points else ""


def _readings(curve: Curve, mean: Column) -> list[list[float]]:
    """Write images seen and values for the script that shows them."""
    seen, values = thinned(curve.seen, mean, _POINTS)
    return [[int(one) for one in seen], [float(f"{value:.4g}") for value in values]]
