"""MNIST from the network, by torchvision, into ganx's cache."""

import shutil
from http.client import HTTPException
from pathlib import Path

from filelock import FileLock

from ganx import DataError, cache_root, check_space, put_in_place, writing_cache
from ganx_mnist.folder import find_parts

NEEDED = 80_000_000
"""The bytes of the four files, packed and unpacked, rounded up."""


def downloaded() -> Path:
    """Return the folder of the downloaded files, and download them if they are not there.

    Raises ``DataError`` where the network or the cache does not allow it.
    """
    folder = cache_root() / "mnist"
    if not _is_whole(folder):
        with writing_cache(folder.parent, NEEDED):
            folder.parent.mkdir(parents=True, exist_ok=True)
            # Of several processes one downloads, and the others wait and use it.
            lock = FileLock(folder.with_name("mnist.lock"))
            lock.acquire()
        try:
            if not _is_whole(folder):
                _download(folder)
        finally:
            lock.release()
    return folder


def _is_whole(folder: Path) -> bool:
    """Tell whether all four files are there."""
    if not folder.is_dir():
        return False
    try:
        parts = find_parts(folder).values()
    except DataError:
        return False
    return not any(part.missing(labels=True) for part in parts)


def _download(folder: Path) -> None:
    """Download into a folder aside, which gets its real name when all is there."""
    check_space(folder.parent, NEEDED)
    partial = folder.with_name("mnist.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        _fetch(partial)
        with writing_cache(folder.parent, NEEDED):
            put_in_place(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _fetch(folder: Path) -> None:
    """Have torchvision download and check the files."""
    try:
        from torchvision.datasets import MNIST

        MNIST(str(folder), download=True)
    except (ImportError, OSError, RuntimeError, HTTPException) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DataError(
            f"MNIST could not be downloaded: {reason.rstrip('.')}. Try again with a network, or "
            "get the files in another way and name their folder with --data DIR; with "
            "dataset.source set to 'rendered', digits are drawn instead."
        ) from error
