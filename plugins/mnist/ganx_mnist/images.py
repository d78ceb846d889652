"""Digits of idx files as a source of images."""

import hashlib
from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from threading import Lock

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from ganx import Contents, DataError, FolderFiles
from ganx_mnist.idx import IMAGES, read_array, read_shape

READER_VERSION = 1
"""Part of the fingerprint; raise it when the same file would give other pixels."""


class IdxFile:
    """One file of images, of which opening reads the header; the rest is read once, if at all.

    Raises ``DataError`` for a file that is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shape = read_shape(path, IMAGES)
        self._array: NDArray[np.uint8] | None = None
        real = path.resolve()
        self._contents, self._name = Contents(FolderFiles(real.parent)), real.name
        self._reading = Lock()

    def array(self) -> NDArray[np.uint8]:
        """Return all images uint8 [N, rows, columns]; whichever thread is first reads them."""
        with self._reading:
            if self._array is None:
                array = read_array(self.path, IMAGES)
                if array.shape != self.shape:
                    raise DataError(f"{self.path} was replaced while it was read. Start again.")
                self._array = array
            return self._array

    def state(self) -> str:
        """Describe the file as it is now, by its name and a digest of its bytes."""
        (content,) = self._contents.digests([self._name])
        if not content:
            raise DataError(f"{self.path} is not there any more. Put the file back.")
        return f"{self.path.name}\0{content}\n"


class IdxImages:
    """An ``ImageSource`` of the images of several files, one after the other, as squares."""

    action = "decode"
    block = 512
    parallel = True

    def __init__(self, files: Sequence[IdxFile], resolution: int) -> None:
        self.files = tuple(files)
        self.resolution = resolution
        self._starts = [0, *accumulate(file.shape[0] for file in files)]

    def __len__(self) -> int:
        """Count the images."""
        return self._starts[-1]

    def fingerprint(self) -> str:
        """Digest names and contents of the files as they are now, and the resolution."""
        digest = hashlib.sha256(f"idx {READER_VERSION} {self.resolution}\n".encode())
        for file in self.files:
            digest.update(file.state().encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def read(self, start: int, stop: int, device: str) -> torch.Tensor:
        """Return images start..stop-1 as uint8 [stop - start, H, W, 1]; the device is not used."""
        del device
        parts = [
            squares(file.array()[max(start - first, 0) : max(stop - first, 0)], self.resolution)
            for file, (first, end) in zip(self.files, pairwise(self._starts), strict=True)
            if start < end and stop > first
        ]
        return torch.from_numpy(np.concatenate(parts)[..., None])


def squares(images: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Resize images [n, rows, columns] to [n, side, side]; those of that size stay as they are.

    With Pillow's antialiased bilinear filter, as ``torchvision.transforms.Resize`` does.
    """
    if images.shape[1:] == (side, side):
        return images
    resized = np.empty((len(images), side, side), dtype=np.uint8)
    for row, image in enumerate(images):
        square = Image.fromarray(image).resize((side, side), Image.Resampling.BILINEAR)
        resized[row] = np.asarray(square)
    return resized
