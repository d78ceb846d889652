"""Pictures of samples with the text above them that they were asked for."""

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from ganx.pictures.grid import grid_picture

_COLUMNS = 16
_MARGIN = 2
_LETTERS = 12  # pixels; smaller ones lose the spaces between words


def prompt_picture(images: Tensor, texts: Sequence[str]) -> Image.Image:
    """Lay out equally many images [N, C, H, W] in [-1, 1] for each text, in the texts' order.

    Each text stands above its images: one row where 16 or fewer belong to each of several texts.
    Without texts there are no captions.
    """
    if not texts:
        return grid_picture(images)
    each = len(images) // len(texts)
    columns = min(each, _COLUMNS) if len(texts) > 1 else None
    grids = [grid_picture(part, columns) for part in torch.split(images, each)]
    pairs = zip(map(caption, texts), grids, strict=True)
    return stacked([part for pair in pairs for part in pair])


def lines_of(text: str, width: int, *, break_words: bool = True) -> list[str]:
    """Break a text into lines that are at most ``width`` pixels wide when drawn.

    A word that is too wide for any line is broken too, down to one letter; without ``break_words``
    it is a line of its own.
    """
    for letters in range(max(1, len(text)), 0, -1):
        lines = wrap(text, letters, break_long_words=break_words, break_on_hyphens=False) or [""]
        if all(width_of(line) <= width for line in lines):
            break
    return lines


def width_of(line: str) -> int:
    """Return how many pixels wide a line is when drawn, much faster than by drawing it."""
    return round(_font(line).getbbox(line)[2]) + 2 * _MARGIN


def caption(text: str) -> Image.Image:
    """Draw a line of text in black on white, as wide as it needs."""
    font = _font(text)
    measure = ImageDraw.Draw(Image.new("RGB", (1, 1))).textbbox
    # Every caption is as high as the tallest letters, so that rows are evenly spaced.
    right, bottom = measure((0, 0), text, font)[2], measure((0, 0), "Ajy", font)[3]
    size = (round(right) + 2 * _MARGIN, round(bottom) + 2 * _MARGIN)
    drawn = Image.new("RGB", size, "white")
    ImageDraw.Draw(drawn).text((_MARGIN, _MARGIN), text, "black", font)
    return drawn


def stacked(parts: Sequence[Image.Image]) -> Image.Image:
    """Put pictures below each other on white, in the colours of the last one."""
    size = (max(part.width for part in parts), sum(part.height for part in parts))
    sheet = white(size, parts[-1].mode)
    top = 0
    for part in parts:
        sheet.paste(part.convert(sheet.mode), (0, top))
        top += part.height
    return sheet


def white(size: tuple[int, int], mode: str) -> Image.Image:
    """Make a white and opaque sheet of (width, height)."""
    return Image.fromarray(np.full((size[1], size[0], 4), 255, np.uint8)).convert(mode)


def _font(text: str) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    """Choose a font; the one that comes with Pillow has only the letters of ASCII."""
    if text.isascii():
        return ImageFont.load_default(_LETTERS)
    import matplotlib as mpl

    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return ImageFont.truetype(fonts / "DejaVuSans.ttf", _LETTERS)
