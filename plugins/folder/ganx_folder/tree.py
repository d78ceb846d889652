"""What lies in a folder: its images and its tables, at any depth."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from posixpath import splitext
from typing import Literal

from ganx import DataError, Files, FolderFiles, PassedOver, ZipFiles, is_zip
from ganx_folder.naming import is_table, packed
from ganx_folder.signatures import is_image
from ganx_folder.system_names import is_hidden, is_system_file, is_system_folder

IMAGE_ENDINGS = (
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".gif"),
    *(".ppm", ".pgm", ".pbm", ".pnm", ".tif", ".tiff"),
)
"""Endings, in small letters, of the formats that ganx decodes."""

DRAWING_ENDINGS = (".svg", ".eps", ".ico", ".psd")
"""Endings of logos and drafts: such files are passed over beside images."""

FOREIGN_ENDINGS = (
    *(".avif", ".heic", ".heif", ".jp2", ".jxl", ".tga", ".dds"),
    *(".exr", ".hdr", ".dng", ".cr2", ".nef", ".arw"),
)
"""Endings of photographs and renderings that ganx does not decode."""

FEW = 100
"""One foreign image to so many others is passed over; more are refused."""

_NAMED = 3


@dataclass(frozen=True)
class Tree:
    """The files of a folder, as names relative to it, with ``/`` between their parts, sorted."""

    files: Files
    images: tuple[str, ...]
    tables: tuple[str, ...]
    """What may be a table, by its ending."""
    passed_over: tuple[PassedOver, ...] = ()

    @property
    def root(self) -> Path:
        """What the names are relative to."""
        return self.files.root

    def without(self, folders: Collection[str], why: Sequence[str]) -> "Tree":
        """Leave out folders, and say ``why`` of the images in each."""
        starts = tuple(f"{folder}/" for folder in folders)
        if not starts:
            return self
        inside = [[name for name in self.images if name.startswith(start)] for start in starts]
        return replace(
            self,
            images=tuple(name for name in self.images if not name.startswith(starts)),
            tables=tuple(name for name in self.tables if not name.startswith(starts)),
            passed_over=(
                *self.passed_over,
                *(passed(what, names) for what, names in zip(why, inside, strict=True)),
            ),
        )


def passed(what: str, names: Sequence[str]) -> PassedOver:
    """Count what is passed over."""
    return PassedOver(what, len(names), min(names))


def files_in(root: Path, links: Literal["inside", "anywhere"]) -> Files:
    """Take the files of a folder, or of a zip archive, in which there are no links.

    Raises ``DataError`` where there is neither.
    """
    if is_zip(root) or (root.is_file() and root.suffix.lower() == ".zip"):
        return ZipFiles(root)
    if not root.exists():
        raise DataError(f"There is no folder {root}. Check --data DIR.")
    if not root.is_dir():
        raise DataError(
            f"{root} is a file, neither a folder of images nor a zip archive. Unpack an archive of "
            "another kind first; else give the folder that the file lies in."
        )
    instead = "or set dataset.links to 'anywhere' to follow it"
    return FolderFiles(root, links=links, instead=instead)


def read_tree(files: Files) -> Tree:
    """List files; what is hidden or a system's own is passed over.

    A file without an ending counts as an image if it begins as one. Raises ``DataError`` where
    there are no images, and for photographs of a format that ganx does not decode.
    """
    hidden: list[str] = []
    systems: list[str] = []

    def skip(folder: str) -> bool:
        into = hidden if is_hidden(folder) else systems if is_system_folder(folder) else None
        if into is not None:
            into.append(folder)
        return into is not None

    names: list[str] = []
    for name in files.names(skip):
        (hidden if is_hidden(name) else systems if is_system_file(name) else names).append(name)
    names.sort()
    _check_backslashes(files.root, names)
    images = tuple(name for name in names if _is_image(files, name))
    tables = tuple(name for name in names if is_table(name))
    foreign = [name for name in names if _ending(name) in FOREIGN_ENDINGS + DRAWING_ENDINGS]
    others = sorted({*names}.difference(images, tables, foreign))
    kinds = {
        "images of formats that are not read": foreign,
        "hidden files and folders": hidden,
        "files and folders of systems and tools": systems,
        f"other files{_endings(others)}": others,
    }
    found = tuple(passed(what, those) for what, those in kinds.items() if those)
    if not images:
        raise _no_images(files.root, names, found)
    _check_foreign(files.root, foreign, images)
    return Tree(files, images, tables, found)


def _is_image(files: Files, name: str) -> bool:
    """Tell an image by its ending, or by its first bytes where there is none."""
    ending = _ending(name)
    return is_image(files, name) if not ending else ending in IMAGE_ENDINGS


def _no_images(root: Path, names: Sequence[str], found: Sequence[PassedOver]) -> DataError:
    """Say that there are no images, and what there is."""
    seen = "; ".join(f"{one.what}: {one.count:,}, such as {one.first}" for one in found)
    there = f" What is there: {seen}." if seen else ""
    return DataError(
        f"There are no images in {root}, at any depth.{packed(names)} Check --data DIR; images end "
        f"in {', '.join(IMAGE_ENDINGS)}.{there}"
    )


def _check_foreign(root: Path, foreign: Sequence[str], images: Sequence[str]) -> None:
    """Refuse photographs that would be missed: too many, and not there in another format."""
    stems = {splitext(name)[0] for name in images}
    missed = [
        name
        for name in foreign
        if _ending(name) in FOREIGN_ENDINGS and splitext(name)[0] not in stems
    ]
    if FEW * len(missed) > len(images):
        raise DataError(
            f"{root / missed[0]} is an image of a format that ganx does not read ({len(missed):,} "
            "such in the folder). Convert them to .png, .jpg or .webp, or remove them."
        )


def _check_backslashes(root: Path, names: Sequence[str]) -> None:
    """Refuse names that hold their folders, as some tools unpack archives of Windows."""
    found = [name for name in names if "\\" in name]
    if found:
        raise DataError(
            f"The file {found[0]!r} in {root} has folders in its name ({len(found):,} such), as "
            "where an archive of Windows was unpacked by a tool that does not know its names. Give "
            "the zip archive itself, or unpack it anew with another tool."
        )


def _endings(names: Sequence[str]) -> str:
    """Name the most frequent endings."""
    counts = Counter(_ending(name) or "no ending" for name in names)
    some = [ending for ending, _ in counts.most_common(_NAMED)]
    return f" ({', '.join(some)}{', ...' if len(counts) > _NAMED else ''})"


def _ending(name: str) -> str:
    """Return the ending of a file's name in small letters."""
    return PurePosixPath(name).suffix.lower()
