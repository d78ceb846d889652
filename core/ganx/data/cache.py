"""Where caches live, and what is said when they cannot be written."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from ganx.errors import DataError

ELSEWHERE = "Set the environment variable GANX_CACHE to a folder that has room and may be written"


def cache_root() -> Path:
    """Return the folder of all caches: ``GANX_CACHE``, or the platform's user cache folder."""
    chosen = os.environ.get("GANX_CACHE", "")
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("ganx")


@contextmanager
def writing_cache(folder: Path, needed: int) -> Iterator[None]:
    """Turn what the operating system refuses into a ``DataError`` with a way out.

    ``needed`` is the number of bytes that are to be written in all.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(
            f"Cannot write the image cache ({megabytes(needed)}) in {folder}: {reason}. "
            f"{ELSEWHERE}, or make this one so."
        ) from error


def check_space(folder: Path, needed: int) -> None:
    """Raise ``DataError`` where fewer than ``needed`` bytes are free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DataError(
            f"The image cache needs {megabytes(needed)} in {folder}, where {megabytes(free)} are "
            f"free. {ELSEWHERE}, free some space, or ask for fewer or smaller images."
        )


def megabytes(count: int) -> str:
    """Write a number of bytes for people, rounded up so that a need is never understated."""
    return f"{-(-count // 1_000_000):,} MB"
