"""Pictures of grids with a title, and with a head at each row and column.

Shapes: images [R * V, C, H, W] in [-1, 1], R rows of V columns.
"""

from collections.abc import Sequence

import torch
from PIL import Image
from torch import Tensor

from ganx.pictures.captions import caption, lines_of, stacked, white
from ganx.pictures.grid import GAP, grid_picture


def labelled_grid(
    images: Tensor, rows: Sequence[str], columns: Sequence[str], title: str
) -> Image.Image:
    """Lay out images row by row below their columns' heads, beside their rows' heads.

    Heads of columns are broken between words, and stand upright where a word is too wide.
    """
    grid = grid_picture(images, len(columns))
    pitch = images.shape[-1] + GAP
    left = [caption(head) for head in rows]
    indent = max(head.width for head in left)
    body = white((indent + grid.width, grid.height), grid.mode)
    body.paste(grid, (indent, 0))
    for row, head in enumerate(left):
        middle = GAP + row * (images.shape[-2] + GAP) + images.shape[-2] // 2
        body.paste(head.convert(grid.mode), (indent - head.width, middle - head.height // 2))
    return stacked([caption(title), _above(columns, indent, pitch, body.width), body])


def morph_picture(images: Tensor, title: str) -> Image.Image:
    """Lay out steps of an interpolation [S, N, C, H, W]: a row for each image, steps across."""
    shares = [f"{share:.2f}" for share in torch.linspace(0, 1, len(images)).tolist()]
    rows = [""] * images.shape[1]
    return labelled_grid(images.transpose(0, 1).flatten(0, 1), rows, shares, title)


def _above(heads: Sequence[str], indent: int, pitch: int, width: int) -> Image.Image:
    """Draw the heads of columns, each in the middle of its column and down to the images."""
    broken = [_broken(head, pitch) for head in heads]
    fits = all(head.width <= pitch for head in broken)
    drawn = broken if fits else [caption(head).rotate(90, expand=True) for head in heads]
    height = max(head.height for head in drawn)
    strip = white((width, height), "RGB")
    for column, head in enumerate(drawn):
        left = indent + GAP // 2 + column * pitch + (pitch - head.width) // 2
        strip.paste(head, (left, height - head.height))
    return strip


def _broken(text: str, width: int) -> Image.Image:
    """Draw a text in lines of at most this width, as far as its words allow."""
    pictures = [caption(line) for line in lines_of(text, width, break_words=False)]
    widest = max(picture.width for picture in pictures)
    return stacked([_centred(picture, widest) for picture in pictures])


def _centred(picture: Image.Image, width: int) -> Image.Image:
    """Put a picture into the middle of a wider one."""
    sheet = white((width, picture.height), picture.mode)
    sheet.paste(picture, ((width - picture.width) // 2, 0))
    return sheet
