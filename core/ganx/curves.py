"""The curves of a run as a figure.

Shapes: a curve has T points, at ``seen`` [T] images seen.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganx.curve_names import Panel, in_words
from ganx.errors import RunError
from ganx.metrics import Column, Metrics
from ganx.picture_files import written_aside
from ganx.smoothing import running_mean, thinned

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

_FEW = 30
"""Points that are drawn as such."""

_USUAL_SHARE = 0.02
"""How much of a run is averaged, unless something else is asked for."""

_COVERED = (0.5, 99.5)
"""Percentiles of the readings that a panel has room for; it has for all of the smoothed ones."""

# Okabe and Ito's colours, which the colour-blind can tell apart.
_COLOURS = {
    "real": "#0072B2",
    "fake": "#D55E00",
    "generator": "#009E73",
    "penalty": "#CC79A7",
    "pair": "#56B4E9",
    "discriminator": "#0072B2",
}
_OTHER_COLOURS = (*dict.fromkeys(_COLOURS.values()), "#444444")
"""Of curves that belong to no side, such as scores, in the order in which they come."""

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

    figure = Figure((_WIDTH, _HEIGHT * len(shown) + 0.4), layout="constrained")
    figure.suptitle(title, fontsize="medium")
    width = _USUAL_SHARE * float(np.ptp(metrics.images_seen)) if smooth is None else smooth
    rows = figure.subplots(len(shown), sharex=True, squeeze=False)[:, 0]
    for axes, panel in zip(rows, shown, strict=True):
        _draw_panel(axes, panel, metrics, width)
    rows[-1].set_xlabel("images seen")
    rows[-1].xaxis.set_major_formatter(EngFormatter(sep=""))
    rows[-1].margins(x=0.01)
    return figure


def save_curves(figure: "Figure", path: Path) -> None:
    """Write a figure as .png, .svg or .pdf. Raises ``RunError`` when it cannot be."""
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise RunError(f"Curves are written as {', '.join(FORMATS)}, not as {path.name}.")
    # Without a date the same curves give the same file.
    dates = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with written_aside(path) as aside:
        figure.savefig(aside, format=ending[1:], dpi=_DOTS, metadata=dates.get(ending))


def _draw_panel(axes: "Axes", panel: Panel, metrics: Metrics, width: float) -> None:
    styles: Counter[str] = Counter()
    extremes: list[float] = []
    for name in panel.names:
        seen, values = metrics.series(name)
        if not len(values):
            continue
        mean = running_mean(seen, values, width) if panel.is_noisy else values
        colour = _colour(name) or _OTHER_COLOURS[styles.total() % len(_OTHER_COLOURS)]
        look = {"color": colour, "linestyle": _STYLES[styles[colour] % len(_STYLES)]}
        styles[colour] += 1
        _draw_curve(axes, (seen, values, mean), in_words(name), look)
        extremes += [*np.percentile(values, _COVERED), mean.min(), mean.max()]
    _set_scale(axes, panel, extremes)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize="small", frameon=False)


def _draw_curve(
    axes: "Axes", points: tuple[Column, Column, Column], label: str, look: Mapping[str, Any]
) -> None:
    """Draw means, and behind them the readings where they differ."""
    seen, values, mean = points
    if not np.allclose(mean, values):
        behind: dict[str, Any] = {
            "color": look["color"],
            "alpha": 0.25,
            "linewidth": 0.5,
            "zorder": 1.5,
        }
        axes.plot(*thinned(seen, values, _POINTS), **behind)
    marker = "." if len(values) <= _FEW else ""
    axes.plot(*thinned(seen, mean, _POINTS), marker=marker, label=label, zorder=2.5, **look)


def _set_scale(axes: "Axes", panel: Panel, extremes: Sequence[float]) -> None:
    """Make room for the curves, and draw lines to read them by."""
    axes.set_ylabel(panel.title)
    axes.ticklabel_format(axis="y", scilimits=(-3, 5))
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    if panel.is_share:
        axes.set_ylim(-0.02, 1.02)
    elif len(extremes) and max(extremes) > min(extremes):
        margin = 0.05 * (max(extremes) - min(extremes))
        axes.set_ylim(min(extremes) - margin, max(extremes) + margin)


def _colour(name: str) -> str:
    """Give the same colour to the same side wherever it stands: D on real, D on fake, G."""
    sides = [part for part in name.split(".") if part in _COLOURS]
    return _COLOURS[sides[0]] if sides else ""
