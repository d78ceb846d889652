"""The image store: every image is decoded or rendered once, whoever asks and however often.

A store lies at ``<cache>/images/<name>-<fingerprint>/``. A whole one is opened without a lock;
building takes a lock, so that of two processes one builds and the other waits and uses it.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from ganx.contracts.dataset import Dataset, FileSource, ImageSource
from ganx.data.build import PARTIAL, Progress, build
from ganx.data.cache import cache_root, writing_cache
from ganx.data.images import ImageStore
from ganx.data.manifest import Manifest, open_images, pixels_fingerprint, read_notices
from ganx.errors import DataError

__all__ = ["ImageStore", "Progress", "cache_root", "is_prepared", "prepare"]


def prepare(
    dataset: Dataset,
    name: str,
    cache: Path,
    device: str = "cpu",
    progress: Progress | None = None,
) -> ImageStore:
    """Return the data set's images as a store, reading the source only if that was never done.

    ``device`` is where a source that renders may do so; a CPU and CUDA have a store each of what
    is rendered there. ``progress`` is called with what is being
    done, images done and images in all; ``"wait"`` means that another process is building, and
    ``"check"`` that files are read to see whether they are known.
    Raises ``DataError`` for images that cannot be read and for a cache that cannot be written.
    """
    digests = check(dataset.images, progress or _silent)
    manifest = _manifest(dataset, device, digests)
    folder = _folder(name, cache, manifest)
    images = open_images(folder, manifest)
    if images is None:
        images = _build_once(dataset, manifest, folder, device, progress or _silent)
    return ImageStore(images, dataset.conditions, folder, notices=read_notices(folder))


def is_prepared(dataset: Dataset, name: str, cache: Path, device: str = "cpu") -> bool:
    """Tell whether ``prepare`` would find a whole store; decodes nothing and makes no store.

    Raises ``DataError`` as ``prepare`` does for a data set without images.
    """
    manifest = _manifest(dataset, device)
    return open_images(_folder(name, cache, manifest), manifest) is not None


def check(images: ImageSource, progress: Progress) -> Sequence[str] | None:
    """Look at the files of a source, telling how far that is where they have to be read.

    Returns their digests; None where the source is not one of files.
    """
    if not isinstance(images, FileSource):
        return None
    return images.digests(lambda done, total: progress("check", done, total))


def _folder(name: str, cache: Path, manifest: Manifest) -> Path:
    return cache / "images" / f"{_safe(name)}-{manifest.fingerprint[:16]}"


def _manifest(dataset: Dataset, device: str, digests: Sequence[str] | None = None) -> Manifest:
    images, interface = dataset.images, dataset.interface
    if len(images) != len(dataset.conditions) or not len(images):
        raise DataError(
            f"The data set has {len(images)} images and {len(dataset.conditions)} conditions; "
            "it needs at least one image and a condition for each."
        )
    side = interface.resolution
    shape = (len(images), side, side, interface.channels)
    return Manifest(pixels_fingerprint(images, device, digests), shape, dataset.provenance)


def _build_once(
    dataset: Dataset, manifest: Manifest, folder: Path, device: str, progress: Progress
) -> NDArray[np.uint8]:
    """Build the store unless another process does so meanwhile; return its images."""
    with writing_cache(folder.parent, manifest.pixel_bytes):
        folder.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder, manifest, progress):
        images = open_images(folder, manifest)
        if images is None:
            _remove_leftovers(folder)
            build(dataset.images, manifest, folder, device, progress)
            images = open_images(folder, manifest)
    if images is None:
        raise DataError(f"The image cache {folder} was changed by someone else. Start again.")
    return images


@contextmanager
def _locked(folder: Path, manifest: Manifest, progress: Progress) -> Iterator[None]:
    """Hold the store's lock, saying so where another process has it first."""
    lock = _lock(folder)
    with writing_cache(folder.parent, manifest.pixel_bytes):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            progress("wait", 0, manifest.shape[0])
            lock.acquire(poll_interval=0.2)
    try:
        yield
    finally:
        lock.release()


def _lock(folder: Path) -> FileLock:
    return FileLock(folder.with_name(f"{folder.name}.lock"))


def _remove_leftovers(folder: Path) -> None:
    """Delete what killed builds left: our own (we hold its lock) and those nobody works on."""
    for partial in folder.parent.glob(f"*{PARTIAL}*"):
        owner = partial.with_name(partial.name.partition(PARTIAL)[0])
        if owner == folder:
            shutil.rmtree(partial, ignore_errors=True)
            continue
        try:
            with _lock(owner).acquire(timeout=0):
                shutil.rmtree(partial, ignore_errors=True)
        except (Timeout, OSError):
            continue


def _safe(name: str) -> str:
    """Keep a data set's name from being anything but one folder name."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)


def _silent(action: str, done: int, total: int) -> None:
    """Report nothing."""
