"""Curves over images seen as a piece of a page: SVG, readable by mouse, touch and keyboard.

Shapes: a curve has T readings, at ``seen`` [T] images seen, in ascending order.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from ganx.curve_names import Panel, in_words
from ganx.metrics import Column, Metrics
from ganx.reporting.page import render_part
from ganx.reporting.scale import Scale
from ganx.smoothing import running_mean, thinned

COLOURS = 8
"""Colours that the style sheet knows; more curves begin again, with other dashes."""

_POINTS = 300
_FEW = 30
"""Readings that are drawn as dots too."""

_SIDE = 1000
"""Units of the drawing, both ways; the page stretches it to the room there is."""

_COVERED = (0.5, 99.5)
"""Percentiles of the readings that a panel has room for; it has for all of the smoothed ones."""

_USUAL_SHARE = 0.02
"""How much of a run each point is the mean of."""

_MARGIN = 0.04
_SIDES = {"real": 0, "discriminator": 0, "fake": 1, "generator": 2, "penalty": 3, "pair": 4}
"""Colours of the parts of a loss, the same in every panel."""


@dataclass(frozen=True)
class Curve:
    """One curve, and how it is told from the others."""

    label: str
    seen: Column
    values: Column
    colour: int = 0
    """Which of the palette, from 0."""

    dash: int = 0
    """Which kind of line, from 0 (solid)."""


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


def usual_smoothing(seen: Column) -> float:
    """Return the images that each point of a run's curves is averaged over."""
    return _USUAL_SHARE * float(np.ptp(seen)) if len(seen) else 0.0


def curves_of(metrics: Metrics, panel: Panel) -> list[Curve]:
    """Read the curves of a panel; the sides of a loss have the same colours everywhere."""
    used: Counter[int] = Counter()
    curves = []
    for index, name in enumerate(panel.names):
        sides = [_SIDES[part] for part in name.split(".") if part in _SIDES]
        colour = sides[0] if sides else index % COLOURS
        curves.append(Curve(in_words(name), *metrics.series(name), colour, used[colour]))
        used[colour] += 1
    return curves


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
    extremes = [level.value for level in levels]
    for curve, mean in zip(curves, means, strict=True):
        extremes += [*np.percentile(curve.values, _COVERED).tolist(), mean.min(), mean.max()]
    return Scale.covering(extremes, _MARGIN)


def _drawn(curve: Curve, mean: Column, across: Scale, up: Scale) -> _Drawn:
    """Turn a curve into paths."""
    points = _points(curve.seen, mean, across, up)
    is_smoothed = not np.allclose(mean, curve.values)
    dots = "".join(f"M{x} {y}h0" for x, y in points) if len(curve.values) <= _FEW else ""
    behind = _points(curve.seen, curve.values, across, up) if is_smoothed else []
    return _Drawn(curve, _path(points), _path(behind), dots, float(mean[-1]))


def _points(seen: Column, values: Column, across: Scale, up: Scale) -> list[tuple[int, int]]:
    """Place a thinned curve in the drawing, whose rows count from the top."""
    kept = zip(*(column.tolist() for column in thinned(seen, values, _POINTS)), strict=True)
    return [(round(_SIDE * across.share(x)), round(_SIDE * (1 - up.share(y)))) for x, y in kept]


def _path(points: Sequence[tuple[int, int]]) -> str:
    """Write points as the path of an SVG."""
    return "M" + "L".join(f"{x} {y}" for x, y in points) if points else ""


def _readings(curve: Curve, mean: Column) -> list[list[float]]:
    """Write images seen and values for the script that shows them."""
    seen, values = thinned(curve.seen, mean, _POINTS)
    return [[int(one) for one in seen], [float(f"{value:.4g}") for value in values]]
