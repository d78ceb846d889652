"""Filling a store: images are read block by block, by all cores, into a folder of their own.

The folder gets its real name only when everything in it is on disk, so that a build that is
interrupted, killed or out of space never looks like a store.
"""

import os
import shutil
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from ganx.contracts.dataset import ImageSource, SurveyedSource
from ganx.data.cache import check_space, writing_cache
from ganx.data.damaged import DamagedImagesError, merged
from ganx.data.manifest import IMAGES, Manifest, pixels_fingerprint
from ganx.errors import DataError
from ganx.files import put_in_place

Progress = Callable[[str, int, int], None]
"""Called with what is done (``"check"``, ``"decode"``, ``"render"``, ``"wait"``), images done,
images in all."""

PARTIAL = ".partial-"

_Block = NDArray[np.uint8] | DamagedImagesError
"""Images [n, H, W, C], or those among them that cannot be had."""


def build(
    source: ImageSource, manifest: Manifest, folder: Path, device: str, progress: Progress
) -> None:
    """Read a whole source into a new store at ``folder``, replacing what is there.

    The caller holds the store's lock. Raises ``DamagedImagesError`` with all bad images of a source
    that tells of them so, and ``DataError`` for one of another source, for lack of space or
    permission, and where the source changes under the build; nothing is left behind then.
    """
    partial = folder.with_name(f"{folder.name}{PARTIAL}{os.getpid()}")
    try:
        with writing_cache(folder.parent, manifest.pixel_bytes):
            check_space(folder.parent, manifest.pixel_bytes)
            partial.mkdir()
        _write_images(source, manifest, partial, device, progress)
        notices = source.survey() if isinstance(source, SurveyedSource) else ()
        _check_unchanged(source, manifest, device)
        with writing_cache(folder.parent, manifest.pixel_bytes):
            manifest.write(partial, notices)
            put_in_place(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write_images(
    source: ImageSource, manifest: Manifest, folder: Path, device: str, progress: Progress
) -> None:
    """Write ``images.npy`` in the order of the source.

    After damaged images the rest is read too, so that one error names all.
    """
    needed, total, done = manifest.pixel_bytes, manifest.shape[0], 0
    damaged: list[DamagedImagesError] = []
    header = {"descr": "|u1", "fortran_order": False, "shape": manifest.shape}
    progress(source.action, done, total)
    # Plain writes, not a writable memory map: a full disk is then an error and not a SIGBUS.
    with writing_cache(folder.parent, needed):
        file = (folder / IMAGES).open("wb")
    with file:
        with writing_cache(folder.parent, needed):
            npy.write_array_header_1_0(file, header)
        with closing(_blocks(source, manifest, device)) as blocks:
            for block, count in blocks:
                if isinstance(block, DamagedImagesError):
                    damaged.append(block)
                elif not damaged:
                    with writing_cache(folder.parent, needed):
                        file.write(block.data)
                done += count
                progress(source.action, done, total)
        if damaged:
            raise merged(damaged)
        with writing_cache(folder.parent, needed):
            file.flush()


def _blocks(
    source: ImageSource, manifest: Manifest, device: str
) -> Generator[tuple[_Block, int], None, None]:
    """Yield blocks in order with the number of their images, while further ones are being read."""
    threads = _cores() if source.parallel else 1
    total, step = manifest.shape[0], max(1, source.block)
    pending: deque[tuple[Future[_Block], int]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="ganx-images")
    try:
        for start in range(0, total, step):
            stop = min(start + step, total)
            block = pool.submit(_read, source, manifest, start, stop, device)
            pending.append((block, stop - start))
            if len(pending) > 2 * threads:
                block, count = pending.popleft()
                yield block.result(), count
        while pending:
            block, count = pending.popleft()
            yield block.result(), count
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _read(source: ImageSource, manifest: Manifest, start: int, stop: int, device: str) -> _Block:
    """Read one block and hold the source to its word about form and type."""
    try:
        block = np.ascontiguousarray(source.read(start, stop, device).numpy())
    except DamagedImagesError as error:
        return error
    expected = (stop - start, *manifest.shape[1:])
    if block.shape != expected or block.dtype != np.uint8:
        raise DataError(
            f"The image source gave {block.dtype} {list(block.shape)} for images {start} to "
            f"{stop - 1} instead of uint8 {list(expected)}. This is a defect of the data set's "
            "plugin; report it to its author."
        )
    return block


def _check_unchanged(source: ImageSource, manifest: Manifest, device: str) -> None:
    """Refuse a mixture of old and new images."""
    if pixels_fingerprint(source, device) != manifest.fingerprint:
        raise DataError("The images changed while they were being read. Start again.")


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
