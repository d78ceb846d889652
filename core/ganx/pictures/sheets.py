"""Sheets of images that each have a text below them.

Shapes: images [N, H, W, C], uint8.
"""

from bisect import bisect
from collections.abc import Sequence
from math import ceil, sqrt

from PIL import Image
from torch import Tensor

from ganx.pictures.captions import caption, lines_of, stacked, white, width_of

SIDE = 112
"""Images are enlarged by a whole factor until they are at least so many pixels wide."""

LARGEST = 256
"""Images wider than this are made smaller."""

MOST_LINES = 6
"""Of a text below an image."""

_GAP = 8
_WIDE = 1.5  # how many columns there are for each row, about
_NARROW = 4  # pixels of a narrow letter
_DOTS = "..."
_GREY = 105


def labelled_sheet(images: Tensor, texts: Sequence[str], names: Sequence[str] = ()) -> Image.Image:
    """Lay out images [N, H, W, C] in rows, each above its text, which is broken into lines.

    A text is cut after ``MOST_LINES`` lines. Below it stands the image's name in grey, where names
    are given: in one line, without its folders and then without its beginning if it is too long.
    """
    pictures = [_picture(image) for image in images]
    width = pictures[0].width
    broken = {text: _lines(text, width) for text in set(texts)}
    below = [[caption(line) for line in broken[text]] for text in texts]
    for lines, name in zip(below, names, strict=False):
        lines.append(_grey(caption(_shortened(name, width))))
    cells = [_above(picture, lines) for picture, lines in zip(pictures, below, strict=True)]
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


def _lines(text: str, width: int) -> list[str]:
    """Break a text into lines, of which the last ends in dots where there are too many."""
    # To break a text of thousands of letters takes long, and nobody sees most of them.
    most = MOST_LINES * width // _NARROW
    lines = lines_of(text[:most], width)
    if len(text) <= most and len(lines) <= MOST_LINES:
        return lines
    last = lines[:MOST_LINES].pop()
    kept = bisect(range(1, len(last) + 1), width, key=lambda end: width_of(last[:end] + _DOTS))
    return [*lines[: MOST_LINES - 1], last[:kept].rstrip(" ,") + _DOTS]


def _shortened(name: str, width: int) -> str:
    """Shorten a file's name to fit; its end tells more of them apart than its beginning."""
    name = "".join(letter if letter.isprintable() else "?" for letter in name)
    for one in (name, name.rpartition("/")[2]):
        if width_of(one) <= width:
            return one
    kept = bisect(range(1, len(one) + 1), width, key=lambda count: width_of(_DOTS + one[-count:]))
    return _DOTS + one[len(one) - kept :]


def _grey(drawn: Image.Image) -> Image.Image:
    """Draw black letters in grey."""
    return drawn.point(lambda value: _GREY + value * (255 - _GREY) // 255)


def _above(picture: Image.Image, lines: Sequence[Image.Image]) -> Image.Image:
    """Put a picture above lines, which may be wider by a letter at most."""
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
