"""Images that lie in a folder as files, named by a list: the source of folder-like data sets."""

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch

from ganx.data.decode import DECODER_VERSION, decode_rgb
from ganx.errors import DataError

__all__ = ["ImageFiles", "decode_rgb", "inside", "readable"]


class ImageFiles:
    """An ``ImageSource`` over the files ``names`` in ``folder``, squeezed to a square.

    Making one looks at every file but decodes none. Raises ``DataError`` where a file is missing
    (naming the first and counting the rest), is no file, or lies outside the folder.
    """

    action = "decode"
    block = 64
    parallel = True

    def __init__(
        self, folder: Path, names: Sequence[str], resolution: int, channels: int = 3
    ) -> None:
        self.folder = folder
        self.names = tuple(names)
        self.resolution = resolution
        self.channels = channels
        root = Path(os.path.realpath(folder))
        self._paths = [_inside(root, name) for name in self.names]
        self._check_present()

    def __len__(self) -> int:
        """Count the images."""
        return len(self.names)

    def fingerprint(self) -> str:
        """Digest names, sizes and modification times as they are now, and the settings."""
        settings = f"files {DECODER_VERSION} {self.resolution} {self.channels}\n"
        digest = hashlib.sha256(settings.encode())
        for name, found in zip(self.names, self._stats(), strict=True):
            seen = f"{found.st_size}\0{found.st_mtime_ns}" if found else "missing"
            digest.update(f"{name}\0{seen}\n".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def read(self, start: int, stop: int, device: str) -> torch.Tensor:
        """Decode images start..stop-1 to uint8 [stop - start, H, W, C]; the device is not used."""
        del device
        side = self.resolution
        pixels = np.empty((stop - start, side, side, self.channels), dtype=np.uint8)
        for row, path in enumerate(self._paths[start:stop]):
            pixels[row] = decode_rgb(path, side, self.channels)
        return torch.from_numpy(pixels)

    def _stats(self) -> Iterator[os.stat_result | None]:
        """Look at each file; None for one that is missing or no regular file."""
        for path in self._paths:
            try:
                found = path.stat()
            except (FileNotFoundError, NotADirectoryError):
                yield None
            except OSError as error:
                raise DataError(
                    f"Cannot look at the image {path}: {error.strerror}. Make the folder readable."
                ) from error
            else:
                yield found if stat.S_ISREG(found.st_mode) else None

    def _check_present(self) -> None:
        """Find all missing images before hours are spent on the others."""
        missing = [
            name for name, found in zip(self.names, self._stats(), strict=True) if found is None
        ]
        if missing:
            raise DataError(
                f"The image {missing[0]!r} is not in {self.folder} ({len(missing):,} of "
                f"{len(self):,} images are missing). Copy the missing images there, or remove "
                "their entries from the list of images."
            )


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Raise ``DataError`` where the system refuses to read something of a folder."""
    try:
        yield
    except OSError as error:
        place = error.filename or folder
        raise DataError(
            f"Cannot read {place}: {error.strerror}. Make the folder and its files readable."
        ) from error


def inside(folder: Path, name: str) -> Path:
    """Return the path of a file that a list names, if it lies in the folder, links followed.

    Raises ``DataError`` for an absolute name, one that climbs out, and a link that leads out.
    """
    return _inside(Path(os.path.realpath(folder)), name)


def _inside(root: Path, name: str) -> Path:
    """As ``inside``, for a folder whose links are already followed."""
    try:
        path = root / name
        real = os.path.realpath(path)
    except ValueError as error:
        raise DataError(f"{name!r} cannot be the name of a file: {error}. Correct it.") from error
    if Path(name).is_absolute() or os.path.commonpath([root, real]) != str(root):
        raise DataError(
            f"The name {name!r} points outside the folder {root}. Images must lie in the folder "
            "itself: correct the name, or copy the image there."
        )
    return path
