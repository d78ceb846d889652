"""Sheets of images that each have a text below them.

Shapes: images [N, H, W, C], uint8.
"""

from collections.abc import Sequence
from math import ceil, sqrt

from PIL import Image
from torch import Tensor

from ganx.pictures.captions import caption, lines_of, stacked, white

SIDE = 112
"""Images are enlarged by a whole factor until they are at least so many pixels wide."""

LARGEST = 256
"""Images wider than this are made smaller."""

_GAP = 8
_WIDE = 1.5  # how many columns there are for each row, about


def labelled_sheet(images: Tensor, texts: Sequence[str]) -> Image.Image:
    """Lay out images [N, H, W, C] in rows, each above its text, which is broken into lines."""
    cells = [
        _above(picture, text) for picture, text in zip(map(_picture, images), texts, strict=True)
    ]
    columns = min(len(cells), ceil(sqrt(_WIDE * len(cells))))
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    return stacked([_row(row, columns) for row in rows])


def _picture(image: Tensor) -> Image.Image:
    """Make a picture of an image [H, W, C], large enough to be looked at and no larger."""
    pixels = image.numpy()
    picture = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    if picture.width > LARGEST:
        height = max(1, round(picture.height * LARGEST / picture.width))
        return picture.resize((LARGEST, height), Image.Resampling.BILINEAR)
    factor = ceil(SIDE / picture.width)
    size = (picture.width * factor, picture.height * factor)
    return picture.resize(size, Image.Resampling.NEAREST)


def _above(picture: Image.Image, text: str) -> Image.Image:
    """Put a picture above a text, whose lines may be wider by a letter at most."""
    lines = [caption(line) for line in lines_of(text, picture.width)]
    # Stacked in the colours of the last: an image with an alpha channel keeps it.
    return stacked([part.convert(picture.mode) for part in (picture, *lines)])


def _row(cells: Sequence[Image.Image], columns: int) -> Image.Image:
    """Put cells beside each other, aligned at their tops, with room around them."""
    pitch = max(cell.width for cell in cells) + _GAP
    height = max(cell.height for cell in cells) + 2 * _GAP
    row = white((columns * pitch + _GAP, height), cells[0].mode)
    for column, cell in enumerate(cells):
        row.paste(cell, (_GAP + column * pitch, _GAP))
    return row
