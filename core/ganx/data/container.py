"""What files are read from: a folder, by names relative to it."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal, NamedTuple, Protocol

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

    def names(self, skip: Callable[[str], bool]) -> Iterator[str]:
        """Yield every file, in no order, save those below a folder of whose name ``skip`` is true.

        Raises ``OSError`` where listing is not possible, and ``DataError`` for what has no end.
        """
        ...

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
    """The files of a folder. Names that climb out of it are refused.

    So are links that lead out, unless ``links`` allows them; ``instead`` says what else helps
    against such a link.
    """

    def __init__(
        self, root: Path, *, links: Literal["inside", "anywhere"] = "inside", instead: str = ""
    ) -> None:
        self.root = root
        self.links = links
        self._instead = instead
        self._real = Path(os.path.realpath(root))
        self._paths: dict[str, Path] = {}
        self._folders: dict[Path, str] = {}

    def names(self, skip: Callable[[str], bool]) -> Iterator[str]:
        """Yield every file save those below skipped folders; links to folders are followed.

        Raises ``DataError`` for a link that leads round in a circle.
        """
        return _below(self.root, "", (), skip)

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading."""
        return self._path(name).open("rb")

    def stamp(self, name: str) -> Stamp | None:
        """Look at a file; None where it is missing or no regular file."""
        path = self._path(name)
        try:
            found = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            if path.is_symlink():
                raise _broken(path) from None
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
            self._paths[name] = self._followed(name)
        return self._paths[name]

    def _followed(self, name: str) -> Path:
        """Return the path of a name. Raises ``DataError`` where it, or a link, leads out."""
        try:
            path = self._real / name
            real = self._real_path(path)
        except ValueError as error:
            raise DataError(
                f"{name!r} cannot be the name of a file: {error}. Correct it."
            ) from error
        if Path(name).is_absolute() or not _is_in(self._real, os.path.normpath(path)):
            raise DataError(
                f"The name {name!r} points outside the folder {self.root}. Images must lie in the "
                "folder itself: correct the name, or copy the image there."
            )
        if self.links == "inside" and not _is_in(self._real, real):
            raise self._leads_out(name)
        return path

    def _real_path(self, path: Path) -> str:
        """Follow links; those of a folder once for all files in it."""
        try:
            followed = path.name in {"", ".", ".."} or stat.S_ISLNK(path.lstat().st_mode)
        except OSError:
            followed = True
        if followed:
            return os.path.realpath(path)
        folder = path.parent
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return f"{self._folders[folder]}{os.sep}{path.name}"

    def _leads_out(self, name: str) -> DataError:
        """Name the link that leads out of the folder."""
        path = PurePosixPath(name)
        around = [path, *path.parents][-2::-1]
        real = {one: os.path.realpath(self._real / one) for one in around}
        link = next(one for one in around if not _is_in(self._real, real[one]))
        if not (self._real / link).exists():
            return _broken(self.root / link)
        others = f", {self._instead}" if self._instead else ""
        return DataError(
            f"The link {self.root / link} leads outside the folder {self.root}, to {real[link]}. "
            f"Copy what it leads to into the folder{others}."
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


def _is_in(root: Path, path: str) -> bool:
    """Tell whether a path lies in a folder, or is it."""
    return path == str(root) or path.startswith(f"{str(root).rstrip(os.sep)}{os.sep}")


def _broken(link: Path) -> DataError:
    """Say that a link leads nowhere."""
    return DataError(
        f"The link {link} is broken: it leads to {link.readlink()}, and nothing is there. Restore "
        "what it leads to, or remove the link."
    )


def _below(
    folder: Path, prefix: str, above: tuple[str, ...], skip: Callable[[str], bool]
) -> Iterator[str]:
    """Yield the files below a folder; ``above`` are the real paths of the folders around it."""
    real = os.path.realpath(folder)
    if real in above:
        raise DataError(f"The link {folder} leads to a folder that it lies in. Remove the link.")
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{prefix}{entry.name}"
            if not entry.is_dir():
                yield name
            elif not skip(name):
                yield from _below(folder / entry.name, f"{name}/", (*above, real), skip)
