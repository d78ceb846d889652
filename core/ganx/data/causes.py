"""What keeps an image from being decoded: Pillow's and the system's errors, put into causes."""

import struct
import zlib
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from ganx.data.damaged import Cause, Damage
from ganx.data.grey import UnknownRangeError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "PPM", "TIFF")
"""Formats that Pillow decodes by itself; others may start programs, as EPS does."""

BROKEN = (
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
"""What Pillow raises for files that are damaged or no images."""

TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_HEAD = 16
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")


def damage_of(error: BaseException, place: str, source: Path | BinaryIO | None = None) -> Damage:
    """Put Pillow's and the system's many ways of saying no into a cause and a few words."""
    said = (str(error) or type(error).__name__).rstrip(".")
    if isinstance(error, UnidentifiedImageError):
        return _unidentified(place, source)
    if isinstance(error, TOO_LARGE):
        return Damage(place, Cause.TOO_LARGE, f"it is too large to be decoded safely ({said})")
    if isinstance(error, OSError | MemoryError):
        return _of_the_system(error, place, said)
    if isinstance(error, UnknownRangeError):
        return Damage(place, Cause.UNKNOWN_RANGE, said)
    return Damage(place, Cause.CUT_SHORT, said)


def _of_the_system(error: OSError | MemoryError, place: str, said: str) -> Damage:
    """Tell what the system refuses today from Pillow's errors, which are those of contents."""
    if isinstance(error, MemoryError):
        return Damage(place, Cause.TOO_LARGE, "there is not enough memory for it", lasts=False)
    if isinstance(error, FileNotFoundError):
        return Damage(place, Cause.MISSING, "it does not exist", lasts=False)
    if isinstance(error, PermissionError):
        return Damage(place, Cause.NOT_READABLE, error.strerror or said, lasts=False)
    return Damage(place, Cause.CUT_SHORT, error.strerror or said, lasts=not error.strerror)


def _unidentified(place: str, source: Path | BinaryIO | None) -> Damage:
    """Tell a file that is no image from one that no longer is."""
    head = b"?" if source is None else _head(source)
    if not head:
        return Damage(place, Cause.CUT_SHORT, "it is empty")
    if not any(head):
        return Damage(place, Cause.CUT_SHORT, "it begins with nothing but zeros")
    if head.startswith(_SIGNATURES):
        return Damage(place, Cause.CUT_SHORT, "its header is damaged")
    return Damage(place, Cause.NO_IMAGE, f"it is none of {', '.join(FORMATS)}")


def _head(source: Path | BinaryIO) -> bytes:
    """Read how a file begins."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            return file.read(_HEAD)
    source.seek(0)
    return source.read(_HEAD)
