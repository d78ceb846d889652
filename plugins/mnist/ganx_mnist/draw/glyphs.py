"""The ten digits of Pillow's own font, upright and large, from thin strokes to thick ones.

Lengths are in shares of the side of the canvas.
"""

from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from ganx import DataError

WEIGHTS = (-2, -1, 0, 1, 2, 3)
"""What is added around the outline, in units of 1/128: the font's own strokes are 10 wide."""

_UNITS = 128
_ALL_GLYPHS = 10 * len(WEIGHTS)
_drawing = Lock()


class Glyph(NamedTuple):
    """A digit in white on a black canvas, and its centre of mass in pixels."""

    image: Image.Image
    x: float
    y: float


def check_font() -> None:
    """Raise ``DataError`` where this machine's Pillow has no font that can be scaled."""
    _font(_UNITS)


def glyph(digit: int, weight: int, side: int) -> Glyph:
    """Draw a digit of a weight, on a canvas of ``side`` pixels, if that was not done before."""
    # FreeType's faces are not made to be used by several threads at once.
    with _drawing:
        return _glyph(digit, weight, side)


@lru_cache(maxsize=_ALL_GLYPHS)
def _glyph(digit: int, weight: int, side: int) -> Glyph:
    """As ``glyph``, by one thread at a time."""
    # Capitals and digits are 5/7 of the font's size: 20 of 28 pixels, which is MNIST's own.
    font = _font(side)
    text = str(digit)
    left, top, right, bottom = font.getbbox(text)
    corner = ((side - left - right) / 2, (side - top - bottom) / 2)
    outline = round(abs(weight) * side / _UNITS)
    image = Image.new("L", (side, side))
    draw = ImageDraw.Draw(image)
    draw.text(corner, text, fill=255, font=font, stroke_width=outline if weight > 0 else 0)
    if weight < 0:
        image = image.filter(ImageFilter.MinFilter(2 * outline + 1))
    ink = np.asarray(image, dtype=np.float64)
    places = np.arange(side) + 0.5
    total = ink.sum()
    return Glyph(image, float(ink.sum(0) @ places / total), float(ink.sum(1) @ places / total))


@lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont:
    """Load the font that is part of Pillow itself."""
    try:
        font = ImageFont.load_default(size)
    except (ImportError, TypeError) as error:  # built without FreeType; older than 10.1
        raise DataError(
            f"Digits cannot be drawn, as this Pillow has no scalable font ({error}). Install "
            "Pillow 10.1 or newer from its wheels, which bring FreeType, or name a folder of "
            "MNIST's files with --data DIR."
        ) from error
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font
