"""Reading idx files, the format of MNIST, gzipped or not, distrusting every byte of the header.

A file starts with a magic number and the sizes of its dimensions, 32 bits each, most significant
byte first; one byte for each pixel or label follows. The format is described on MNIST's own page,
http://yann.lecun.com/exdb/mnist/.
"""

import gzip
import math
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganx import DataError

RESTORE = "Restore the original file"
LONGEST_SIDE = 4096
"""Images with longer sides are taken for a damaged header."""

_GZIP = b"\x1f\x8b"


class Kind(NamedTuple):
    """What an idx file can hold."""

    name: str
    magic: int
    dimensions: int

    @property
    def header(self) -> struct.Struct:
        """The form of the header: the magic number and the sizes."""
        return struct.Struct(f">{1 + self.dimensions}I")


IMAGES = Kind("images", 0x803, 3)
LABELS = Kind("labels", 0x801, 1)


def read_shape(path: Path, kind: Kind) -> tuple[int, ...]:
    """Read from the header how many images there are, and their rows and columns, or labels.

    Raises ``DataError`` for a file that is missing, of another kind, or damaged as far as a look
    at the header and at the size of the file tells.
    """
    with _opened(path) as file:
        shape = _parse(path, kind, file.read(kind.header.size))
        if not isinstance(file, gzip.GzipFile):
            _check_length(path, kind, shape, path.stat().st_size - kind.header.size)
    return shape


def read_array(path: Path, kind: Kind) -> NDArray[np.uint8]:
    """Read a file whole: images uint8 [N, rows, columns], or labels uint8 [N].

    Raises ``DataError`` for a file that is missing, of another kind, or damaged.
    """
    with _opened(path) as file:
        shape = _parse(path, kind, file.read(kind.header.size))
        body = file.read()
    _check_length(path, kind, shape, len(body))
    return np.frombuffer(body, dtype=np.uint8).reshape(shape)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO | gzip.GzipFile]:
    """Open a file, through gzip if that is what it holds, and say in words what goes wrong."""
    try:
        with path.open("rb") as file:
            # By content, as browsers unpack files and leave them their names.
            zipped = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            if zipped:
                with gzip.GzipFile(fileobj=file) as unzipped:
                    yield unzipped
            else:
                yield file
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"{path} is a damaged gzip file ({str(error).rstrip('.')}). {RESTORE}."
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(f"Cannot read {path}: {reason}. Make the file readable.") from error


def _parse(path: Path, kind: Kind, header: bytes) -> tuple[int, ...]:
    """Check a header and return the sizes."""
    if len(header) < kind.header.size:
        raise DataError(
            f"{path} ends within its header of {kind.header.size} bytes, after {len(header)}. "
            f"{RESTORE}."
        )
    magic, *shape = kind.header.unpack(header)
    if magic != kind.magic:
        raise DataError(
            f"{path} should hold {kind.name} and start with the number 0x{kind.magic:08x}, but "
            f"it starts with 0x{magic:08x}{_meaning(magic)}. {RESTORE}."
        )
    if 0 in shape or max(shape[1:], default=0) > LONGEST_SIDE:
        sizes = " x ".join(map(str, shape))
        raise DataError(f"{path} claims to hold {sizes} {kind.name}, which cannot be. {RESTORE}.")
    return tuple(shape)


def _meaning(magic: int) -> str:
    """Say what a file with another magic number is, if it is an idx file at all."""
    for kind in (IMAGES, LABELS):
        if magic == kind.magic:
            return f", which means {kind.name}"
    return ""


def _check_length(path: Path, kind: Kind, shape: tuple[int, ...], found: int) -> None:
    """Refuse a file that is shorter or longer than its header says."""
    expected = math.prod(shape)
    if found != expected:
        fault = "cut short" if found < expected else "too long"
        raise DataError(
            f"{path} is {fault}: its header promises {shape[0]:,} {kind.name} in {expected:,} "
            f"bytes, but {found:,} bytes follow. {RESTORE}."
        )
