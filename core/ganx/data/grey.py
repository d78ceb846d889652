"""Grey of more than eight bits: one range for a whole set of images becomes 0 to 255."""

import math
from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

GreyRange = Literal["auto"] | tuple[float, float]
"""The setting: the values that become black and white, or that the images decide them."""

DEPTHS = (8, 10, 12, 14, 15, 16, 20, 24, 31)
"""Bits that the values of a set may have: those of sensors and scanners, the positive half of
signed 16 bits (15), and up to the positive half of signed 32. The steps are small, so that at least
a quarter of a range is used up to 16 bits by a set that needs it at all."""

HARDLY = 0.25
"""Where less of a range is used than this, the images are too flat to be learned well."""

_LEVELS = 256

_SAMPLES = 1 << 12
"""How many values of an image are looked at, about, to find where nearly all lie."""

_MOST = (0.5, 99.5)
"""Percentiles: between them lie nearly all values."""


class UnknownRangeError(ValueError):
    """Floating-point numbers, of which nobody said what is black and what is white."""


class Span(NamedTuple):
    """The values that become black and white."""

    low: float
    high: float
    given: bool = False
    """Whether a person said so; only then the range of floating-point numbers is known."""


FULL = Span(0, 65535)
"""Sixteen bits, of which all are used."""


def is_deep(image: Image.Image) -> bool:
    """Tell by its mode whether an image has more than eight bits of grey."""
    return image.mode.startswith("I") or image.mode == "F"


def in_eight_bits(image: Image.Image, span: Span) -> Image.Image:
    """Spread a range evenly over 0 to 255; what lies outside becomes black or white.

    For a range of 2**k values it is the eight highest bits. Raises ``UnknownRangeError`` for
    floating-point numbers where nobody gave their range, and ``ValueError`` for what is no number.
    """
    if image.mode == "F" and not span.given:
        raise UnknownRangeError("its pixels are floating-point numbers of unknown range")
    values = np.asarray(image).astype(np.float64)
    if np.isnan(values).any():
        raise ValueError("some of its pixels are no numbers")
    levels = (values - span.low) * _LEVELS / (span.high - span.low)
    return Image.fromarray(np.floor(levels).clip(0, _LEVELS - 1).astype(np.uint8))


class Values(NamedTuple):
    """What values some images have."""

    low: float
    high: float
    sample: NDArray[np.float64]
    """Some of the values, from all over the images."""

    floats: bool = False
    """Whether some are floating-point numbers."""


def values_of(image: Image.Image) -> Values:
    """Look at the values of a deep image."""
    values: NDArray[np.generic] = np.asarray(image).ravel()
    some = values[:: max(1, values.size // _SAMPLES)].astype(np.float64)
    return Values(values.min().item(), values.max().item(), some, image.mode == "F")


def full_depth(low: float, high: float) -> Span:
    """Return the range of the next depth that holds all values between two.

    From 0 up; where there are negative values, as far below 0 as above.
    """
    largest = max(high, -low - 1)
    top = next((1 << bits for bits in DEPTHS if largest < 1 << bits), 1 << DEPTHS[-1])
    return Span(-top if low < 0 else 0, top - 1)


def union(found: Iterable[Values]) -> Values | None:
    """Put the values of all images together; None where there are no images."""
    each = list(found)
    if not each:
        return None
    low, high = min(one.low for one in each), max(one.high for one in each)
    floats = any(one.floats for one in each)
    return Values(low, high, np.concatenate([one.sample for one in each]), floats)


def flatness(span: Span, values: Values) -> str:
    """Say that a set uses hardly any of its range, and what to do; nothing where it is not so.

    A few pixels apart do not count, such as the hot ones of a sensor.
    """
    low, high = (float(one) for one in np.percentile(values.sample, _MOST, method="nearest"))
    low, high = _rounded(low, high)
    if values.floats and not span.given:
        return (
            f"Nearly all values of the floating-point images are {_plain(low)} to {_plain(high)}: "
            f"set dataset.grey_range=[{_plain(low)}, {_plain(high)}] to have them read."
        )
    used = (min(high, span.high) - max(low, span.low)) / (span.high - span.low)
    if used >= HARDLY or low == high:
        return ""
    ends = [_plain(one) for one in (*span[:2], low, high)]
    black, white, least, most = (f"{one:,}" for one in ends)
    return (
        f"Nearly all values of images of more than 8 bits are {least} to {most}, which is "
        f"{100 * max(used, 0):.0f} % of the range {black} to {white}: set "
        f"dataset.grey_range=[{ends[2]}, {ends[3]}]."
    )


def _rounded(low: float, high: float) -> tuple[float, float]:
    """Widen a range of fractions to few digits."""
    if low == high or (low == int(low) and high == int(high)):
        return low, high
    digits = 1 - math.floor(math.log10(high - low))
    step = 10.0**-digits
    return round(math.floor(low / step) * step, digits), round(
        math.ceil(high / step) * step, digits
    )


def _plain(value: float) -> float:
    """Leave out a fraction that is zero."""
    return int(value) if value == int(value) else value
