"""Files and folders that are whole or absent: written aside, synced to disk, and then renamed."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ganx.errors import RunError

_CANNOT = {errno.EINVAL, errno.ENOTSUP, errno.EACCES}
"""Answers of folders that cannot be synced: on some network disks, or that nobody may list."""

_ADVICE = {
    errno.ENOSPC: "Free some space, or choose a place on another disk.",
    errno.EDQUOT: "Free some space, or choose a place on another disk.",
    errno.EACCES: "Make the folder writable, or choose another.",
    errno.EPERM: "Make the folder writable, or choose another.",
    errno.EROFS: "Choose a place on a disk that can be written.",
    errno.ENOENT: "Make the folder first, or choose another.",
    errno.EEXIST: "A part of the path is a file where a folder should be. Choose another place.",
    errno.ENOTDIR: "A part of the path is a file where a folder should be. Choose another place.",
    errno.EISDIR: "It is a folder. Name a file in it.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
}
"""What to do, by the system's number of the reason."""


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Lend a place beside ``path`` for a file that takes that name when the block ends.

    What was at ``path`` stays until then, and stays for good when the block fails; nothing is left
    beside it. Raises ``OSError`` where the system refuses.
    """
    aside = path.with_name(f".{path.name}.partial")
    try:
        yield aside
        put_in_place(aside, path)
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def put_in_place(aside: Path, path: Path) -> None:
    """Rename a file or folder to what is beside it; it is on disk before it has its name.

    A folder replaces whatever is there. Raises ``OSError`` where the system refuses.
    """
    _sync(aside)
    if aside.is_dir():
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
    aside.replace(path)
    _sync_folder(path.parent)


def replace_text(path: Path, text: str) -> None:
    """Write a text file so that it is either the old or the new one, never half of it.

    Raises ``RunError`` where the system refuses.
    """
    with writing(path), written_whole(path) as aside:
        aside.write_text(text, encoding="utf-8")


@contextmanager
def writing(path: Path, what: str = "") -> Iterator[None]:
    """Raise ``RunError`` where the system refuses to write a file that a user asked for.

    ``what`` says before the path what it is to hold, such as ``"the picture"``.
    """
    try:
        yield
    except OSError as error:
        named = f"{what} {path}".strip()
        reason = error.strerror or error
        raise RunError(f"Cannot write {named}: {reason}. {advice(error)}") from error


def advice(error: OSError) -> str:
    """Say what to do about a refusal of the system."""
    return _ADVICE.get(error.errno or 0, "Free some space or make the folder writable.")


def _sync(written: Path) -> None:
    """Force a file to disk, or a folder with all that it holds."""
    for path in (written, *written.rglob("*")):
        if path.is_dir():
            _sync_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk, where the system can."""
    if os.name == "nt":  # Windows cannot open a folder
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
