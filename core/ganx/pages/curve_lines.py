"""What a panel of curves shows, whatever draws it: its lines, their looks, and the room they need.

Shapes: a curve has T readings, at ``seen`` [T] images seen, in ascending order.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ganx.pages.curve_names import Panel, in_words
from ganx.runs.metrics import Column, Metrics

COLOURS = 8
"""Colours of a palette; more curves begin again, with other dashes."""

FEW = 30
"""Readings up to which they are drawn as dots too."""

_USUAL_SHARE = 0.02
"""How much of a run each point is the mean of."""

_COVERED = (0.5, 99.5)
"""Percentiles of the readings that a panel has room for; it has for all of the smoothed ones."""

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
        label = in_words(name, metrics.against.get(name, ""))
        curves.append(Curve(label, *metrics.series(name), colour, used[colour]))
        used[colour] += 1
    return curves


def extremes(curves: Sequence[Curve], means: Sequence[Column]) -> list[float]:
    """List values to make room for: all of the curves but the few readings that lie far outside."""
    found: list[float] = []
    for curve, mean in zip(curves, means, strict=True):
        found += [*np.percentile(curve.values, _COVERED).tolist(), mean.min(), mean.max()]
    return found
