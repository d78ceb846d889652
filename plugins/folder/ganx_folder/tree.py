"""What lies in a folder: its images and its tables, at any depth."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ganx import DataError, Files, FolderFiles
from ganx_folder.naming import is_table, packed

IMAGE_ENDINGS = (
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".gif"),
    *(".ppm", ".pgm", ".pbm", ".pnm", ".tif", ".tiff"),
)
"""Endings, in small letters, of the formats that ganx decodes."""

FOREIGN_ENDINGS = (
    *(".avif", ".heic", ".heif", ".jp2", ".jxl", ".tga", ".psd", ".svg", ".eps", ".ico", ".dds"),
    *(".exr", ".hdr", ".dng", ".cr2", ".nef", ".arw"),
)
"""Endings of images that ganx does not decode: they are refused, not left out unnoticed."""

_JUNK = "__MACOSX"


@dataclass(frozen=True)
class Tree:
    """The files of a folder, as names relative to it, with ``/`` between their parts, sorted."""

    files: Files
    images: tuple[str, ...]
    tables: tuple[str, ...]
    """What may be a table, by its ending."""

    @property
    def root(self) -> Path:
        """What the names are relative to."""
        return self.files.root


def read_tree(root: Path) -> Tree:
    """List a folder; hidden files and folders are passed over.

    Raises ``DataError`` for a folder that is missing, is a file, or holds no images, and for
    images of a format that ganx does not decode.
    """
    _check_folder(root)
    names = sorted(_files(root, "", ()))
    foreign = [name for name in names if _ending(name) in FOREIGN_ENDINGS]
    if foreign:
        raise DataError(
            f"{root / foreign[0]} is an image of a format that ganx does not read ({len(foreign):,}"
            " such in the folder). Convert them to .png, .jpg or .webp, or remove them."
        )
    images = tuple(name for name in names if _ending(name) in IMAGE_ENDINGS)
    if not images:
        raise DataError(
            f"There are no images in {root}, at any depth.{packed(names)} Check --data DIR; "
            f"images end in {', '.join(IMAGE_ENDINGS)}."
        )
    tables = tuple(name for name in names if is_table(name))
    return Tree(FolderFiles(root), images, tables)


def _check_folder(root: Path) -> None:
    """Refuse what is no folder."""
    if not root.exists():
        raise DataError(f"There is no folder {root}. Check --data DIR.")
    if not root.is_dir():
        raise DataError(
            f"{root} is a file, not a folder of images. Give the folder that it lies in; unpack it "
            "first if it is an archive."
        )


def _files(folder: Path, prefix: str, above: tuple[str, ...]) -> Iterator[str]:
    """Yield the files below a folder; ``above`` are the real paths of the folders around it."""
    real = os.path.realpath(folder)
    if real in above:
        raise DataError(f"The link {folder} leads to a folder that it lies in. Remove the link.")
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name == _JUNK:
                continue
            if entry.is_dir():
                yield from _files(folder / entry.name, f"{prefix}{entry.name}/", (*above, real))
            else:
                yield f"{prefix}{entry.name}"


def _ending(name: str) -> str:
    """Return the ending of a file's name in small letters."""
    return PurePosixPath(name).suffix.lower()
