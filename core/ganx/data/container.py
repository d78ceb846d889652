"""What files are read from: a folder, by names relative to it."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from ganx.errors import DataError


class Stamp(NamedTuple):
    """What tells without reading that a file is probably the one it was."""

    size: int
    """In bytes."""

    time_ns: int
    """When it was last changed, as the file says."""

    changed_ns: int = 0
    """When anything of it was last changed, as the system says, which nobody sets back; 0 where
    there is no such time."""


class Files(Protocol):
    """Files below a root, named relative to it with ``/`` between the parts of a name."""

    root: Path
    """The folder."""

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading. Raises ``OSError`` where that is not possible."""
        ...

    def stamp(self, name: str) -> Stamp | None:
        """Look at a file; None where it is missing or no regular file.

        Raises ``DataError`` for a name that leads out of the root, and where looking is refused.
        """
        ...

    def place(self, name: str) -> str:
        """Name a file for people."""
        ...


class FolderFiles:
    """The files of a folder. Names that climb out of it, and links that lead out, are refused."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._real = Path(os.path.realpath(root))
        self._paths: dict[str, Path] = {}

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading."""
        return self._path(name).open("rb")

    def stamp(self, name: str) -> Stamp | None:
        """Look at a file; None where it is missing or no regular file."""
        path = self._path(name)
        try:
            found = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise DataError(
                f"Cannot look at the image {path}: {error.strerror}. Make the folder readable."
            ) from error
        if not stat.S_ISREG(found.st_mode):
            return None
        return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns)

    def place(self, name: str) -> str:
        """Name a file by its path."""
        return str(self.root / name)

    def _path(self, name: str) -> Path:
        """Return the path of a file in the folder, links followed to see where they lead."""
        if name not in self._paths:
            self._paths[name] = _inside(self._real, name)
        return self._paths[name]


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


def _inside(root: Path, name: str) -> Path:
    """Return the path of a name below a root whose links are followed already."""
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
