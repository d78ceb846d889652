"""Images known by their first bytes, for files whose names have no ending."""

import re

from ganx import DataError, Files

_LENGTH = 32

_SIGNATURES = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|II\*\x00|MM\x00\*|P[1-6]\s[\d#]"
    # A bitmap: 4 bytes of size, 4 of zeros, an offset, and one of the known sizes of a header.
    rb"|BM....\x00{4}....[\x0c\x28\x34\x38\x40\x6c\x7c]\x00{3}",
    re.DOTALL,
)


def is_image(files: Files, name: str) -> bool:
    """Tell whether a file begins as an image that ganx decodes; False where it cannot be read."""
    try:
        with files.open(name) as file:
            return _SIGNATURES.match(file.read(_LENGTH)) is not None
    except (OSError, DataError):  # nobody said that it is an image
        return False
