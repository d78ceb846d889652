"""Images side by side in one picture.

Shapes: images [N, C, H, W] in [-1, 1].
"""

from math import ceil, sqrt
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor

from ganx.errors import RunError
from ganx.pictures.files import written_aside

GAP = 2
"""Pixels between the images of a grid, and around them."""


def to_uint8(images: Tensor) -> Tensor:
    """Map [-1, 1] to 0..255, rounding."""
    return images.float().add(1).mul(127.5).round().clamp(0, 255).byte()


def grid_picture(images: Tensor, columns: int | None = None) -> Image.Image:
    """Lay images out in rows; as square as possible unless ``columns`` says otherwise."""
    columns = columns or ceil(sqrt(len(images)))
    rows = ceil(len(images) / columns)
    _, channels, height, width = images.shape
    size = (rows * (height + GAP) + GAP, columns * (width + GAP) + GAP, channels)
    sheet = np.full(size, 255, np.uint8)
    for index, image in enumerate(to_uint8(images.cpu()).permute(0, 2, 3, 1).numpy()):
        top = index // columns * (height + GAP) + GAP
        left = index % columns * (width + GAP) + GAP
        sheet[top : top + height, left : left + width] = image
    return Image.fromarray(sheet[:, :, 0] if channels == 1 else sheet)


def save_picture(picture: Image.Image, path: Path, **options: Any) -> None:
    """Write a picture so that it is whole or absent; options are those of its format in Pillow.

    Raises ``RunError`` when it cannot be written.
    """
    format_name = Image.registered_extensions().get(path.suffix.lower())
    if format_name not in Image.SAVE:
        raise RunError(f"Cannot tell a picture format from {path.name!r}; use .png, .jpg or .webp.")
    with written_aside(path) as aside:
        try:
            picture.save(aside, format=format_name, **options)
        except (OSError, ValueError, OverflowError) as error:
            if isinstance(error, OSError) and error.errno:
                raise
            raise RunError(
                f"A picture of {picture.width} x {picture.height} pixels cannot be written as "
                f"{format_name}: {error}. Write it as .png."
            ) from error
