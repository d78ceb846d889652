"""Digits drawn with the font that comes with Pillow, varied as handwriting varies.

The way of an image: the glyph in one of several stroke widths (``glyphs``), laid out large; a
mapping that slants, turns, stretches and bends it (``warp``); then reduction and blur
(``picture``). All of it is decided by the seed and the index of the image alone.
"""

from ganx_mnist.draw.glyphs import check_font
from ganx_mnist.draw.picture import digit_of, draw_digit

__all__ = ["check_font", "digit_of", "draw_digit"]
