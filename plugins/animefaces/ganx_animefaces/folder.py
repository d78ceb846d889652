"""A folder of anime faces, in either of the two layouts that went round."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ganx import DataError, ImageFiles, readable
from ganx_animefaces.selection import Selection, select
from ganx_animefaces.tags import Row, read_counted, read_pairs

SUFFIXES = (".jpg", ".jpeg", ".png")

FORM = (
    "The folder holds tags.csv and the images in a folder 'images', or tags_clean.csv and the "
    "images in a folder 'faces'"
)


@dataclass(frozen=True)
class Layout:
    """One way to lay out the folder."""

    tags: str
    """The name of the tag file."""
    read: Callable[[Path], list[Row]]
    places: tuple[str, ...]
    """Where images are looked for, in this order, relative to the folder."""


LAYOUTS = (
    Layout("tags.csv", read_pairs, ("images", "faces", ".")),
    Layout("tags_clean.csv", read_counted, ("faces", "images", ".")),
)
"""The newer layout first: it is taken where a folder has both tag files."""


@dataclass(frozen=True)
class Folder:
    """A folder that was read and found usable; no image is decoded yet."""

    path: Path
    tags: Path
    """The tag file that was read."""
    selection: Selection
    images: ImageFiles
    kept: Sequence[int]
    """Which of the selected rows the images are of."""
    tags_sha256: str


def read_folder(
    folder: Path, resolution: int, channels: int, *, skip_damaged: bool = False
) -> Folder:
    """Read the tags and find the images of the rows that can be trained on.

    Raises ``DataError`` for whatever keeps the folder from being used: it is missing or a file,
    has no tag file or one with a malformed line, no row is left, or an image is missing.
    """
    with readable(folder):
        return _read(folder.expanduser(), resolution, channels, skip_damaged=skip_damaged)


def _read(folder: Path, resolution: int, channels: int, *, skip_damaged: bool) -> Folder:
    """As ``read_folder``, with what the operating system refuses still as it says it."""
    layout = _layout(folder)
    tags = folder / layout.tags
    selection = select(layout.read(tags))
    if not selection.stems:
        raise DataError(
            f"None of the {selection.rows:,} rows of {tags} names exactly one hair and one eye "
            "colour of the vocabulary, so there is nothing to train on. Restore the file of the "
            "original data set."
        )
    place, names = _find_images(folder, layout, selection.stems)
    images = ImageFiles(place, names, resolution, channels, skip_damaged=skip_damaged)
    return Folder(
        path=folder.resolve(),
        tags=tags,
        selection=selection,
        images=images,
        kept=[row for row, name in enumerate(names) if name not in images.skipped],
        tags_sha256=hashlib.sha256(tags.read_bytes()).hexdigest(),
    )


def _layout(folder: Path) -> Layout:
    """Tell the layout by the tag file."""
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is a file, not the folder of the anime faces. {FORM}.")
    if not folder.is_dir():
        raise DataError(
            f"There is no folder {folder}. Check --data DIR. {FORM}. Without --data, faces are "
            "rendered instead."
        )
    for layout in LAYOUTS:
        if (folder / layout.tags).exists():
            return layout
    raise DataError(f"{folder} has neither tags.csv nor tags_clean.csv.{_near(folder)} {FORM}.")


def _near(folder: Path) -> str:
    """Point at a folder next door that looks right."""
    inner = sorted(path for path in folder.iterdir() if path.is_dir())
    for candidate in (folder.absolute().parent, *inner):
        if any((candidate / layout.tags).exists() for layout in LAYOUTS):
            return f" Did you mean {candidate}?"
    return ""


def _find_images(folder: Path, layout: Layout, stems: Sequence[str]) -> tuple[Path, list[str]]:
    """Choose the first place that holds images of the rows, and name their files."""
    for place in (folder / name for name in layout.places):
        present = {path.name for path in place.iterdir()} if place.is_dir() else set()
        names = [_file_name(stem, present) for stem in stems]
        if not present.isdisjoint(names):
            return place, names
    raise DataError(
        f"The tags are in {folder}, but none of the {len(stems):,} images is, such as "
        f"{stems[0]}.jpg: not in {' nor in '.join(layout.places[:2])}, and not beside the tags. "
        f"Put them into {folder / layout.places[0]}."
    )


def _file_name(stem: str, present: set[str]) -> str:
    """Find the file of an image; one that is missing is called as it was handed out."""
    names = [stem + suffix for suffix in SUFFIXES]
    return next((name for name in names if name in present), names[0])
