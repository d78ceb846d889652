"""The curves of a run as a plot.

Shapes: a curve has T points, at ``seen`` [T] images seen.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ganx.errors import RunError
from ganx.pages.curve_lines import FEW, Curve, curves_of, extremes, usual_smoothing
from ganx.pages.curve_names import Panel
from ganx.pages.smoothing import running_mean, thinned
from ganx.pictures.files import written_aside
from ganx.runs.metrics import Column, Metrics

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".png", ".svg", ".pdf")

_WIDTH, _HEIGHT = 7.5, 2.8
"""Inches of a panel; a page of a paper is about that wide."""

_DOTS = 200
"""Dots per inch of a PNG."""

_POINTS = 2000
"""Points that a curve is drawn with, two for each dot of the width."""

_MARGIN = 0.05

# Okabe and Ito's colours, which the colour-blind can tell apart; then three more.
_COLOURS = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9"),
    *("#444444", "#A87100", "#6A51A3"),
)
_STYLES = ("-", "--", ":", "-.")


def draw_curves(
    metrics: Metrics, shown: Sequence[Panel], title: str, smooth: float | None = None
) -> "Figure":
    """Draw panels below each other over the images seen.

    Each point of a curve is the mean of the readings around it, over ``smooth`` images (0: none;
    None: a fiftieth of the run); the readings themselves stand faintly behind. Learning rates are
    drawn as they are.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import EngFormatter

    plot = Figure((_WIDTH, _HEIGHT * len(shown) + 0.4), layout="constrained")
    plot.suptitle(title, fontsize="medium")
    width = usual_smoothing(metrics.images_seen) if smooth is None else smooth
    rows = plot.subplots(len(shown), sharex=True, squeeze=False)[:, 0]
    for axes, panel in zip(rows, shown, strict=True):
        _draw_panel(axes, panel, metrics, width)
    rows[-1].set_xlabel("images seen")
    rows[-1].xaxis.set_major_formatter(EngFormatter(sep=""))
    rows[-1].margins(x=0.01)
    return plot


def save_curves(plot: "Figure", path: Path) -> None:
    """Write a plot as .png, .svg or .pdf. Raises ``RunError`` when it cannot be."""
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise RunError(f"Curves are written as {', '.join(FORMATS)}, not as {path.name}.")
    # Without a date the same curves give the same file.
    dates = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with written_aside(path) as aside:
        plot.savefig(aside, format=ending[1:], dpi=_DOTS, metadata=dates.get(ending))


def _draw_panel(axes: "Axes", panel: Panel, metrics: Metrics, width: float) -> None:
    curves = [curve for curve in curves_of(metrics, panel) if len(curve.values)]
    smooth = width if panel.is_noisy else 0.0
    means = [running_mean(curve.seen, curve.values, smooth) for curve in curves]
    for curve, mean in zip(curves, means, strict=True):
        _draw_curve(axes, curve, mean)
    _set_scale(axes, panel, extremes(curves, means))
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize="small", frameon=False)


def _draw_curve(axes: "Axes", curve: Curve, mean: Column) -> None:
    """Draw means, and behind them the readings where they differ."""
    colour, style = _COLOURS[curve.colour], _STYLES[curve.dash % len(_STYLES)]
    if not np.allclose(mean, curve.values):
        readings = thinned(curve.seen, curve.values, _POINTS)
        axes.plot(*readings, color=colour, alpha=0.25, linewidth=0.5, zorder=1.5)
    marker = "." if len(curve.values) <= FEW else ""
    line = thinned(curve.seen, mean, _POINTS)
    axes.plot(*line, marker=marker, label=curve.label, zorder=2.5, color=colour, linestyle=style)


def _set_scale(axes: "Axes", panel: Panel, values: Sequence[float]) -> None:
    """Make room for values, and draw lines to read them by."""
    axes.set_ylabel(panel.title)
    axes.ticklabel_format(axis="y", scilimits=(-3, 5))
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    if panel.is_share:
        axes.set_ylim(-0.02, 1.02)
    elif len(values) and max(values) > min(values):
        margin = _MARGIN * (max(values) - min(values))
        axes.set_ylim(min(values) - margin, max(values) + margin)
