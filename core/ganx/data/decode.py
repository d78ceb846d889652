"""Decoding one image file into a square of uint8 pixels."""

import struct
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from ganx.errors import DataError

DECODER_VERSION = 1
"""Part of every fingerprint; raise it when the same file would give other pixels."""

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "PPM", "TIFF")
"""Formats that Pillow decodes by itself; others may start programs, as EPS does."""

MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}

_OPAQUE = 255
_BROKEN = (
    OSError,
    SyntaxError,  # Pillow's word for a damaged PNG
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
)


def decode_rgb(
    source: Path | BinaryIO, resolution: int, channels: int = 3, *, place: str = ""
) -> NDArray[np.uint8]:
    """Decode a file to uint8 [resolution, resolution, channels]; ``place`` names it for people.

    The whole picture is squeezed to the square, nothing is cropped, with Pillow's antialiased
    bilinear filter: what ``torchvision.transforms.Resize`` does to an image, and so what the
    i-CLEVR evaluator's network was trained on. The orientation in EXIF is applied. Transparency
    is laid on white unless the channels include alpha. Channels: 1 grey, 2 grey and alpha, 3 RGB,
    4 RGBA.

    Raises ``DataError`` naming a file that is missing, damaged, or too large to be trusted.
    """
    place = place or str(source)
    try:
        with Image.open(source, formats=FORMATS) as image:
            _check_size(image, place)
            pixels = _in_mode(ImageOps.exif_transpose(image), MODES[channels])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(place, str(error)) from error
    except _BROKEN as error:
        raise DataError(
            f"Cannot decode the image {place}: {_reason(error)}. Restore the file from its source, "
            "or remove its entry from the list of images."
        ) from error
    square = pixels.resize((resolution, resolution), Image.Resampling.BILINEAR)
    return np.asarray(square, dtype=np.uint8).reshape(resolution, resolution, channels)


def _check_size(image: Image.Image, place: str) -> None:
    """Refuse where Pillow would only warn."""
    limit = Image.MAX_IMAGE_PIXELS
    if limit is not None and image.width * image.height > limit:
        raise _too_large(place, f"{image.width}x{image.height} pixels, the limit is {limit:,}")


def _too_large(place: str, reason: str) -> DataError:
    return DataError(
        f"The image {place} is too large to be decoded safely ({reason.rstrip('.')}). "
        "Make it smaller, or remove its entry from the list of images."
    )


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    """Convert to one of ``MODES``, laying transparency on white where the mode has none."""
    if image.mode == "F":
        raise ValueError("its pixels are floating-point numbers of unknown range")
    if image.mode.startswith("I"):
        # Sixteen bits of grey: Pillow would clip at 255 and not scale.
        high = np.asarray(image).astype(np.int64) >> 8
        image = Image.fromarray(high.clip(0, _OPAQUE).astype(np.uint8))
    if mode in {"L", "RGB"} and ("A" in image.getbands() or "transparency" in image.info):
        image = _on_white(image.convert("RGBA"))
    return image.convert(mode)


def _on_white(image: Image.Image) -> Image.Image:
    """Lay an RGBA image on white; an opaque one keeps its colours to the bit."""
    if image.getchannel("A").getextrema() == (_OPAQUE, _OPAQUE):
        return image
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)


def _reason(error: BaseException) -> str:
    """Put Pillow's many ways of saying no into a few words."""
    if isinstance(error, FileNotFoundError):
        return "it does not exist"
    if isinstance(error, UnidentifiedImageError):
        return f"it is none of {', '.join(FORMATS)}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (str(error) or type(error).__name__).rstrip(".")
