"""Images that lie in a container as files, named by a list: the source of folder-like data sets."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch

from ganx.data.container import Files, FolderFiles, Stamp
from ganx.data.contents import Contents, Told
from ganx.data.decode import DECODER_VERSION, decode_rgb
from ganx.errors import DataError


class ImageFiles:
    """An ``ImageSource`` over the files ``names`` of a folder, squeezed to a square.

    Making one looks at every file but decodes none. Raises ``DataError`` where a file is missing
    (naming the first and counting the rest), is no file, or lies outside the folder.
    """

    action = "decode"
    block = 64
    parallel = True

    def __init__(
        self, files: Files | Path, names: Sequence[str], resolution: int, channels: int = 3
    ) -> None:
        self.files = FolderFiles(files) if isinstance(files, Path) else files
        self.names = tuple(names)
        self.resolution = resolution
        self.channels = channels
        self._contents = Contents(self.files)
        self._check_present()

    def __len__(self) -> int:
        """Count the images."""
        return len(self.names)

    def fingerprint(self, digests: Sequence[str] | None = None) -> str:
        """Digest names and contents as they are now, and the settings; no place and no time.

        ``digests`` are the contents where they were just taken.
        """
        settings = f"files {DECODER_VERSION} {self.resolution} {self.channels}\n"
        digest = hashlib.sha256(settings.encode())
        for name, content in zip(self.names, digests or self.digests(), strict=True):
            digest.update(f"{name}\0{content}\n".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def digests(self, told: Told | None = None) -> Sequence[str]:
        """Digest each file's bytes as they are now; "" for a missing one. Nothing is decoded."""
        return self._contents.digests(self.names, told)

    def read(self, start: int, stop: int, device: str) -> torch.Tensor:
        """Decode images start..stop-1 to uint8 [stop - start, H, W, C]; the device is not used."""
        del device
        side = self.resolution
        pixels = np.empty((stop - start, side, side, self.channels), dtype=np.uint8)
        for row, name in enumerate(self.names[start:stop]):
            place = self.files.place(name)
            with _opened(self.files, name) as file:
                pixels[row] = decode_rgb(file, side, self.channels, place=place)
        return torch.from_numpy(pixels)

    def _stamps(self) -> Iterator[Stamp | None]:
        """Look at each file; None for one that is missing or no regular file."""
        return map(self.files.stamp, self.names)

    def _check_present(self) -> None:
        """Find all missing images before hours are spent on the others."""
        missing = [
            name for name, found in zip(self.names, self._stamps(), strict=True) if found is None
        ]
        if missing:
            raise DataError(
                f"The image {missing[0]!r} is not in {self.files.root} ({len(missing):,} of "
                f"{len(self):,} images are missing). Copy the missing images there, or remove "
                "their entries from the list of images."
            )


@contextmanager
def _opened(files: Files, name: str) -> Iterator[BinaryIO]:
    """Open an image. Raises ``DataError`` where it is missing or may not be read."""
    try:
        file = files.open(name)
    except OSError as error:
        raise DataError(
            f"Cannot read the image {files.place(name)}: {error.strerror or error}. Restore the "
            "file from its source."
        ) from error
    with file:
        yield file
