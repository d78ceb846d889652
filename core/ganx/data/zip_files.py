"""The files of a zip archive, read where they are; nothing is unpacked."""

import io
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from ganx.data.container import Files, FolderFiles, Stamp
from ganx.errors import DataError

LARGEST_MEMBER = 1 << 30
"""Bytes of one file, unpacked; what is larger is no image to train on."""

LARGEST_GROWTH = 200
"""How many times the size of the archive its files may have in all, where that is much.

What Deflate packs a thousandfold holds nothing; images, even uncompressed ones, shrink far less.
Archives whose files overlap grow more than that, too (D. Fifield, "A better zip bomb", 2019).
"""

SMALL_ENOUGH = 1 << 30
"""Bytes in all, unpacked, up to which any growth is harmless."""

_ENCRYPTED = 0x1
_UTF_8 = 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # zipfile's word for what it does not read, such as a newer version
    RuntimeError,
    ValueError,
)


def is_zip(path: Path) -> bool:
    """Tell by its content whether a file is a zip archive."""
    return path.is_file() and zipfile.is_zipfile(path)


def files_of(path: Path) -> Files:
    """Return the files of a folder, or of a zip archive. Raises ``DataError`` for a bad archive."""
    return FolderFiles(path) if path.is_dir() else ZipFiles(path)


class ZipFiles:
    """``Files`` of a zip archive.

    Raises ``DataError`` for what is no whole archive, and for one that nobody should read: names
    that climb out of it or are absolute, links, files that are there twice, encrypted or far larger
    than they are packed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            self._archive = zipfile.ZipFile(root)
        except (*_BROKEN, OSError) as error:
            raise DataError(
                f"{root} cannot be read as a zip archive: {_reason(error)}. Download or copy it "
                "again; unpack an archive of another kind, and give the folder."
            ) from error
        members = [one for one in self._archive.infolist() if not one.is_dir()]
        self._members = {_name(one): one for one in members}
        self._check(members)

    def names(self, skip: Callable[[str], bool]) -> Iterator[str]:
        """Yield the name of every file, but of those in folders that are to be skipped."""
        skipped: dict[str, bool] = {}
        for name in self._members:
            parents = [str(one) for one in PurePosixPath(name).parents][-2::-1]
            for folder in parents:
                if folder not in skipped:
                    skipped[folder] = skip(folder)
                if skipped[folder]:
                    break
            else:
                yield name

    def open(self, name: str) -> BinaryIO:
        """Unpack a file into memory. Raises ``OSError`` where it is missing or damaged."""
        if name not in self._members:
            raise FileNotFoundError(2, "there is no such file in the archive", self.place(name))
        try:
            return io.BytesIO(self._archive.read(self._members[name]))
        except _BROKEN as error:
            raise OSError(5, f"it is damaged in the archive: {_reason(error)}") from error

    def stamp(self, name: str) -> Stamp | None:
        """Look at a file; None for a missing one. Its times are those of the whole archive."""
        found = self._members.get(name)
        try:
            archive = self.root.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DataError(
                f"Cannot look at {self.root}: {error.strerror}. Make it readable."
            ) from error
        times = archive.st_mtime_ns, archive.st_ctime_ns
        return Stamp(found.file_size, *times) if found else None

    def place(self, name: str) -> str:
        """Name a file as if the archive were a folder."""
        return str(self.root / name)

    def _check(self, members: Sequence[zipfile.ZipInfo]) -> None:
        """Refuse what nobody should read."""
        for name, member in self._members.items():
            wrong = _wrong(name, member)
            if wrong:
                raise DataError(f"{self.root}: the file {name!r} {wrong}.")
        if len(self._members) < len(members):
            twice = Counter(map(_name, members)).most_common(1)[0][0]
            raise DataError(
                f"{self.root}: the file {twice!r} is there twice. Pack the archive anew, each file "
                "once."
            )
        total, packed = sum(one.file_size for one in members), self.root.stat().st_size
        if total > SMALL_ENOUGH and total > LARGEST_GROWTH * packed:
            raise DataError(
                f"{self.root} is no archive to trust: its {packed:,} bytes say that they unpack to "
                f"{total:,}. Pack the images anew."
            )


def _wrong(name: str, member: zipfile.ZipInfo) -> str:
    """Say why a file of an archive is not to be read, and what to do; nothing where it is."""
    if PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive or ".." in name.split("/"):
        return "leads out of the archive. Pack the archive anew, with names relative to a folder"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link. Pack the archive anew with the file itself"
    if member.flag_bits & _ENCRYPTED:
        return "is encrypted. Unpack the archive with its password, and give the folder"
    if member.compress_type not in _METHODS:
        return (
            f"is compressed by the method {member.compress_type}, which Python does not read. "
            "Unpack the archive, and give the folder"
        )
    if member.file_size > LARGEST_MEMBER:
        return f"has {member.file_size:,} bytes; the limit is {LARGEST_MEMBER:,}. Leave it out"
    return ""


def _name(member: zipfile.ZipInfo) -> str:
    """Return the name as it was meant.

    Some tools of Windows write backslashes, and some of others UTF-8 without saying so, which
    ``zipfile`` takes for the code page 437.
    """
    name = member.filename
    if not member.flag_bits & _UTF_8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = member.filename
    return name.replace("\\", "/").removeprefix("./")


def _reason(error: BaseException) -> str:
    """Put what zipfile says into a few words."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (text or type(error).__name__).rstrip(".")
