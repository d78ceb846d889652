"""Making a square of a picture that is none."""

from typing import Literal

from PIL import Image

Fit = Literal["squeeze", "crop", "pad"]
"""The setting: the whole picture out of shape, its middle, or all of it on white."""


def squared(image: Image.Image, side: int, fit: Fit) -> Image.Image:
    """Bring an image to ``side`` by ``side`` pixels, with Pillow's antialiased bilinear filter."""
    if fit == "pad" and image.width != image.height:
        return _padded(image, side)
    box = _middle(image) if fit == "crop" else None
    return image.resize((side, side), Image.Resampling.BILINEAR, box)


def _middle(image: Image.Image) -> tuple[int, int, int, int]:
    """Return the largest square in the middle, in whole pixels."""
    shorter = min(image.size)
    left, top = (image.width - shorter) // 2, (image.height - shorter) // 2
    return left, top, left + shorter, top + shorter


def _padded(image: Image.Image, side: int) -> Image.Image:
    """Lay the picture, as large as it fits, into the middle of a white square."""
    longer = max(image.size)
    width, height = (max(1, round(length * side / longer)) for length in image.size)
    square = Image.new(image.mode, (side, side), "white")
    small = image.resize((width, height), Image.Resampling.BILINEAR)
    square.paste(small, ((side - width) // 2, (side - height) // 2))
    return square
