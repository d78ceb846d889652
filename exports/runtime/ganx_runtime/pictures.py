"""Pictures in one file, laid out as ``ganx sample`` lays them out, and files that are whole.

Shapes: pictures [N, H, W, C], uint8.
"""

import os
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from math import ceil, sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ganx_runtime.errors import GeneratorError

GAP = 2
"""Pixels between the images of a grid, and around them."""

_COLUMNS = 16
_MARGIN = 2
_LETTERS = 12

Font = ImageFont.ImageFont | ImageFont.FreeTypeFont


def sheet_of(pictures: NDArray[np.uint8], texts: Sequence[str]) -> Image.Image:
    """Lay out equally many pictures for each text, in the texts' order, each below its text.

    A text has one row where 16 or fewer belong to each of several; without texts there are no
    captions, and the grid is as square as possible.
    """
    if not texts:
        return grid_of(pictures)
    each = len(pictures) // len(texts)
    columns = min(each, _COLUMNS) if len(texts) > 1 else None
    parts: list[Image.Image] = []
    for row, text in enumerate(texts):
        parts += [caption(text), grid_of(pictures[row * each : (row + 1) * each], columns)]
    return _stacked(parts)


def grid_of(pictures: NDArray[np.uint8], columns: int | None = None) -> Image.Image:
    """Lay pictures out in rows on white; as square as possible unless ``columns`` is given."""
    columns = columns or ceil(sqrt(len(pictures)))
    rows = ceil(len(pictures) / columns)
    _, height, width, channels = pictures.shape
    size = (rows * (height + GAP) + GAP, columns * (width + GAP) + GAP, channels)
    sheet = np.full(size, 255, np.uint8)
    for place, picture in enumerate(pictures):
        top = place // columns * (height + GAP) + GAP
        left = place % columns * (width + GAP) + GAP
        sheet[top : top + height, left : left + width] = picture
    return picture_of(sheet)


def picture_of(pixels: NDArray[np.uint8]) -> Image.Image:
    """Make a picture of pixels [H, W, C]."""
    return Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)


def caption(text: str) -> Image.Image:
    """Draw a line of text in black on white, as wide as it needs."""
    text, font = _drawable(text)
    measure = ImageDraw.Draw(Image.new("RGB", (1, 1))).textbbox
    # Every caption is as high as the tallest letters, so that rows are evenly spaced.
    right, bottom = measure((0, 0), text, font)[2], measure((0, 0), "Ajy", font)[3]
    size = (round(right) + 2 * _MARGIN, round(bottom) + 2 * _MARGIN)
    drawn = Image.new("RGB", size, "white")
    ImageDraw.Draw(drawn).text((_MARGIN, _MARGIN), text, "black", font)
    return drawn


def check_format(path: Path) -> str:
    """Return Pillow's name of the format; raises ``GeneratorError`` where a name tells none."""
    kind = Image.registered_extensions().get(path.suffix.lower())
    if kind not in Image.SAVE:
        raise GeneratorError(
            f"Cannot tell a picture format from {path.name!r}; use .png, .jpg or .webp, or a "
            "folder that ends with /."
        )
    return str(kind)


def save(picture: Image.Image, path: Path, *, synced: bool = True) -> None:
    """Write a picture so that it is whole or absent; makes the folder.

    ``synced`` forces it to disk, which takes milliseconds. Raises ``GeneratorError`` where it
    cannot be written.
    """
    kind = check_format(path)
    aside = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            picture.save(file, format=kind)
            if synced:
                file.flush()
                os.fsync(file.fileno())
        aside.replace(path)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise GeneratorError(
            f"Cannot write {path}: {reason}. Choose another place or format, or make room there."
        ) from error
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def _stacked(parts: Sequence[Image.Image]) -> Image.Image:
    """Put pictures below each other on white, in the colours of the last one."""
    size = (max(part.width for part in parts), sum(part.height for part in parts))
    white = Image.fromarray(np.full((size[1], size[0], 4), 255, np.uint8))
    sheet = white.convert(parts[-1].mode)
    top = 0
    for part in parts:
        sheet.paste(part.convert(sheet.mode), (0, top))
        top += part.height
    return sheet


def _drawable(text: str) -> tuple[str, Font]:
    """Choose a font; the one that comes with Pillow has only the letters of ASCII."""
    if text.isascii():
        return text, ImageFont.load_default(_LETTERS)
    with suppress(OSError):
        return text, ImageFont.truetype("DejaVuSans.ttf", _LETTERS)
    plain = unicodedata.normalize("NFKD", text)
    kept = (letter for letter in plain if not unicodedata.combining(letter))
    return "".join(one if one.isascii() else "?" for one in kept), ImageFont.load_default(_LETTERS)
