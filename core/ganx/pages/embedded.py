"""Pictures inside a page, as ``data:`` addresses."""

import base64
import io
from collections.abc import Mapping
from typing import Any

from PIL import Image, features

_MUCH_SMALLER = 0.6
"""The share of a PNG's size below which what a lossy format changes is worth it."""

_LARGE = 400
"""Pixels of a side from which on nobody sees that colours have half the resolution."""


def data_address(picture: Image.Image, quality: int = 85) -> str:
    """Write a picture as the address of an ``img``: PNG, or a lossy format where far smaller.

    ``quality`` is that of the lossy format, from 1 to 100. It is JPEG with colours in full
    resolution, and for large pictures WebP.
    """
    exact = _encoded(picture, "PNG", {})
    kind, options = _lossy(picture, quality)
    small = _encoded(picture, kind, options)
    chosen, data = (kind, small) if len(small) < _MUCH_SMALLER * len(exact) else ("PNG", exact)
    return f"data:image/{chosen.lower()};base64,{base64.b64encode(data).decode()}"


def _lossy(picture: Image.Image, quality: int) -> tuple[str, Mapping[str, Any]]:
    """Choose a format; Pillow may have been built without WebP."""
    if min(picture.size) >= _LARGE and features.check("webp"):
        return "WEBP", {"quality": quality, "method": 4}
    return "JPEG", {"quality": quality, "subsampling": 0}


def _encoded(picture: Image.Image, kind: str, options: Mapping[str, Any]) -> bytes:
    """Encode in one format."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()
