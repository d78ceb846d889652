"""MNIST's files in small: written by the tests themselves."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

MAGIC = {1: 0x801, 3: 0x803}


@pytest.fixture
def digits() -> Callable[[int, int], NDArray[np.uint8]]:
    """Make images [count, side, side] of noise; the first pixel of each is its number."""

    def make(count: int, side: int = 28) -> NDArray[np.uint8]:
        images = np.random.default_rng(0).integers(256, size=(count, side, side), dtype=np.uint8)
        images[:, 0, 0] = np.arange(count)
        return images

    return make


@pytest.fixture
def write() -> Callable[[Path, NDArray[np.uint8]], Path]:
    """Write an array as idx, gzipped where the name says so."""

    def write_idx(path: Path, array: NDArray[np.uint8]) -> Path:
        header = struct.pack(f">{1 + array.ndim}I", MAGIC[array.ndim], *array.shape)
        path.parent.mkdir(parents=True, exist_ok=True)
        content = header + array.tobytes()
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
        return path

    return write_idx


@pytest.fixture
def fill(
    digits: Callable[..., NDArray[np.uint8]], write: Callable[[Path, NDArray[np.uint8]], Path]
) -> Callable[..., Path]:
    """Put images and labels 0, 1, 2, ... into a folder, under the names that MNIST's files have."""

    def fill_folder(folder: Path, train: int = 0, test: int = 0, ending: str = "") -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for stem, count in (("train", train), ("t10k", test)):
            if count:
                labels = (np.arange(count) % 10).astype(np.uint8)
                write(folder / f"{stem}-images-idx3-ubyte{ending}", digits(count))
                write(folder / f"{stem}-labels-idx1-ubyte{ending}", labels)
        return folder

    return fill_folder
