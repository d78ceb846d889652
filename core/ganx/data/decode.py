"""Decoding one image file into a square of uint8 pixels."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ganx.data.causes import BROKEN, FORMATS, TOO_LARGE, damage_of
from ganx.data.damaged import DamagedImagesError
from ganx.data.fit import Fit, squared
from ganx.data.grey import FULL, Span, in_eight_bits, is_deep

DECODER_VERSION = 2
"""Part of every fingerprint; raise it when the same file would give other pixels."""

MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}

_OPAQUE = 255


def decode_rgb(
    source: Path | BinaryIO,
    resolution: int,
    channels: int = 3,
    *,
    place: str = "",
    span: Callable[[], Span] = lambda: FULL,
    fit: Fit = "squeeze",
) -> NDArray[np.uint8]:
    """Decode a file to uint8 [resolution, resolution, channels]; ``place`` names it for people.

    The whole picture is squeezed to the square unless ``fit`` says otherwise, with Pillow's
    antialiased bilinear filter: what ``torchvision.transforms.Resize`` does to an image, and so
    what the i-CLEVR evaluator's network was trained on. The orientation in EXIF is applied.
    Transparency is laid on white unless the channels include alpha. Channels: 1 grey, 2 grey and
    alpha, 3 RGB, 4 RGBA. Of an image of more than eight bits of grey ``span`` tells the range.

    Raises ``DamagedImagesError`` naming a file that is missing, damaged, or too large to be
    trusted.
    """
    place = place or str(source)
    try:
        with Image.open(source, formats=FORMATS) as image:
            _check_size(image)
            pixels = _in_mode(ImageOps.exif_transpose(image), MODES[channels], span)
    except (*BROKEN, *TOO_LARGE) as error:
        raise DamagedImagesError([damage_of(error, place, source)]) from error
    square = squared(pixels, resolution, fit)
    return np.asarray(square, dtype=np.uint8).reshape(resolution, resolution, channels)


def _check_size(image: Image.Image) -> None:
    """Refuse where Pillow would only warn."""
    if is_too_large(image):
        raise Image.DecompressionBombError(
            f"{image.width}x{image.height} pixels, the limit is {Image.MAX_IMAGE_PIXELS:,}"
        )


def is_too_large(image: Image.Image) -> bool:
    """Tell whether an image has more pixels than Pillow would decode without a warning."""
    limit = Image.MAX_IMAGE_PIXELS
    return limit is not None and image.width * image.height > limit


def _in_mode(image: Image.Image, mode: str, span: Callable[[], Span]) -> Image.Image:
    """Convert to one of ``MODES``, laying transparency on white where the mode has none."""
    if is_deep(image):
        # Pillow would clip at 255 and not scale.
        image = in_eight_bits(image, span())
    if mode in {"L", "RGB"} and ("A" in image.getbands() or "transparency" in image.info):
        image = _on_white(image.convert("RGBA"))
    return image.convert(mode)


def _on_white(image: Image.Image) -> Image.Image:
    """Lay an RGBA image on white; an opaque one keeps its colours to the bit."""
    if image.getchannel("A").getextrema() == (_OPAQUE, _OPAQUE):
        return image
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
