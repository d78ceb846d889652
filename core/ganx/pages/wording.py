"""Numbers as a reader of a page wants them."""

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from ganx.contracts.results import Figure

_MINUS = "−"  # noqa: RUF001 -- as wide as a plus sign, unlike a hyphen
_NOTHING = "–"  # noqa: RUF001 -- a dash, for what there is no number for
_SCALES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def whole(value: float) -> str:
    """Write a whole number with its thousands apart: ``345,856``."""
    return f"{value:,.0f}"


def compact(value: float) -> str:
    """Write a number for an axis, in few characters: ``350k``, ``1.5M``, ``0.25``."""
    for scale, letter in _SCALES:
        if abs(value) >= scale:
            return f"{value / scale:.4g}{letter}".replace("-", _MINUS)
    return f"{value:.4g}".replace("-", _MINUS)


def number(value: float | None) -> str:
    """Write a number with three digits that count; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return _NOTHING
    size = abs(value)
    if size >= 100:  # noqa: PLR2004 -- three digits before the point
        written = f"{value:,.0f}"
    elif 0 < size < 1e-3:  # noqa: PLR2004 -- more zeros than digits that count
        written = f"{value:.1e}"
    else:
        written = f"{value:.3g}" if size < 1 else f"{value:.{2 if size < 10 else 1}f}"  # noqa: PLR2004 -- three digits in all
    return written.replace("-", _MINUS)


def percent(value: float | None) -> str:
    """Write a share of 1 in percent: ``85.3 %``."""
    if value is None or not math.isfinite(value):
        return _NOTHING
    return f"{100 * value:.1f} %".replace("-", _MINUS)


def measured(figure: Figure) -> str:
    """Write a figure with its spread, if it has one: ``85.3 ± 0.4 %``, ``12.1 ± 0.2``."""
    if not math.isfinite(figure.mean):
        return _NOTHING
    if figure.draws == 1 and not figure.sd:
        return percent(figure.mean) if figure.is_share else number(figure.mean)
    if figure.is_share:
        return f"{100 * figure.mean:.1f} ± {100 * figure.sd:.1f} %".replace("-", _MINUS)
    return f"{number(figure.mean)} ± {number(figure.sd)}"


def chance(figure: Figure) -> str:
    """Write what shuffled conditions give; a dash where nothing was shuffled."""
    if figure.chance is None:
        return _NOTHING
    if figure.is_share:
        return f"{100 * figure.chance.mean:.1f} ± {100 * figure.chance.sd:.1f} %"
    return f"{number(figure.chance.mean)} ± {number(figure.chance.sd)}"


def z_score(figure: Figure) -> str:
    """Write how many standard deviations of a shuffle lie between; a dash where none was shuffled.

    Infinitely many where all shuffles score the same and the figure does not.
    """
    if math.isnan(figure.z):
        return _NOTHING
    return f"{figure.z:+.1f}".replace("inf", "∞").replace("-", _MINUS)


def direction(figure: Figure) -> str:
    """Say which way is better, for a reader who does not know the figure."""
    return {"higher": "↑ higher is better", "lower": "↓ lower is better", "neither": ""}[
        figure.better
    ]


def plain(text: str) -> str:
    """Write a text so that Markdown shows it as it is, in one line."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return re.sub(r"([\\`*_\[\]<>|~#&$])", r"\\\1", line)


def as_json(value: Any) -> str:
    """Write a value in one line of JSON, which is YAML too."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return "".join(letter if letter.isprintable() else " " for letter in text)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "whole": whole,
    "compact": compact,
    "number": number,
    "percent": percent,
    "measured": measured,
    "chance": chance,
    "z_score": z_score,
    "direction": direction,
    "plain": plain,
    "json": as_json,
}
