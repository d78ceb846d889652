"""The images of a folder, each with what is said of it: by a table, or by the folder it lies in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ganx import DataError, PassedOver
from ganx_folder.cells import Cell, clean
from ganx_folder.layout import Layout, Part
from ganx_folder.names import common_folder, few, relative
from ganx_folder.naming import place
from ganx_folder.split_names import SPLITS
from ganx_folder.tree import passed

CLASS_COLUMN = "class"
"""What class folders say, as if it were a column of a table."""

_NO_CLASSES = frozenset({"images", "imgs", "data", "test", "unknown", "unlabelled", "unlabeled"})
"""Names of a folder in a split that is alone there and no class."""


class Record(NamedTuple):
    """One image."""

    name: str
    """Relative to the folder of the data set."""
    split: str
    """Empty where there are no splits."""
    cells: tuple[Cell, ...]
    """One for each of the columns."""
    origin: Path
    """Where that is said: a table, or a class folder."""
    line: int
    """Of the table."""

    @property
    def place(self) -> str:
        """Where the image's values are, for people."""
        return place(self.origin, self.line) if self.line else f"The folder {self.origin}"


@dataclass(frozen=True)
class Records:
    """All images that are used, those of a split together, sorted by name within it."""

    columns: tuple[str, ...]
    rows: tuple[Record, ...]
    source: str
    """What said it: the name of a table, or ``"folders"``, or nothing."""
    tables: tuple[Path, ...] = ()
    left_out: int = 0
    """Images that no row of the table names."""
    remarks: tuple[str, ...] = ()
    """What else people should know of how it was read, in sentences."""
    passed_over: tuple[PassedOver, ...] = ()
    """Images that nothing is said of, while something is said of others."""

    @property
    def place(self) -> Path:
        """Where all that is said comes from: a table, or the folder of the class folders."""
        return self.tables[0] if self.tables else self.rows[0].origin.parent

    @property
    def splits(self) -> dict[str, slice]:
        """The range of each split."""
        named = [record.split for record in self.rows]
        found = [split for split in SPLITS if split in named]
        return {split: slice(named.index(split), _end(named, split)) for split in found}


def sorted_records(rows: list[Record]) -> tuple[Record, ...]:
    """Put records into their order, which does not depend on that of a table's rows."""
    order = ["", *SPLITS]
    return tuple(sorted(rows, key=lambda record: (order.index(record.split), record.name)))


def records_without_values(layout: Layout) -> Records:
    """Take every image; nothing is said of any."""
    root = layout.tree.root
    rows = [Record(name, part.split, (), root, 0) for part in layout.parts for name in part.images]
    return Records((), sorted_records(rows), "")


def has_class_folders(layout: Layout) -> bool:
    """Tell whether images lie in different folders below that of their split."""
    bases = _class_bases(layout)
    return any(
        "/" in relative(name, base)
        for part, base in zip(layout.parts, bases, strict=True)
        for name in part.images
    )


def records_of_class_folders(layout: Layout) -> Records:
    """Take the first folder below that of its split for the class of each image.

    A split other than that for training is left out if it has no class folders at all. Raises
    ``DataError`` for other images in no class folder.
    """
    rows, outside, without = [], [], []
    trained = _first_folders(layout, "train")
    for part, base in zip(layout.parts, _class_bases(layout), strict=True):
        if part.split not in {"", "train"} and _has_no_classes(part, base, trained):
            without.append(part)
            continue
        for name in part.images:
            folder, inside, _ = relative(name, base).partition("/")
            origin = layout.tree.root / base / folder
            if inside:
                rows.append(Record(name, part.split, (clean(folder),), origin, 0))
            else:
                outside.append(origin)
    if outside:
        raise DataError(
            f"{len(rows):,} images are in class folders and {len(outside):,} are not, the first of "
            f"them {outside[0]}. Move them into class folders, or set dataset.kind to 'none' to "
            "train without classes."
        )
    left_out = tuple(
        passed(f"images in {part.folder}, which has no class folders", part.images)
        for part in without
    )
    remarks = tuple(_same_inside(layout))
    return Records(
        (CLASS_COLUMN,), sorted_records(rows), "folders", remarks=remarks, passed_over=left_out
    )


def _same_inside(layout: Layout) -> Iterator[str]:
    """Say that all class folders have the same folders in them, which may be the classes meant."""
    inside: dict[str, set[str]] = {}
    for part, base in zip(layout.parts, _class_bases(layout), strict=True):
        for name in part.images:
            folder, _, below = relative(name, base).partition("/")
            inside.setdefault(folder, set()).add(below.rpartition("/")[0].partition("/")[0])
    different = {frozenset(folders) for folders in inside.values()}
    same = different.pop() if len(different) == 1 else frozenset()
    if len(inside) > 1 and len(same) > 1 and "" not in same:
        yield (
            f"Each of these folders has the same folders in it ({few(sorted(same))}), which are "
            "not read: if those are the classes, put the images of each together."
        )


def _class_bases(layout: Layout) -> list[str]:
    """Return, for each part, the folder whose subfolders may be classes.

    That is the part's own, except that a folder which holds all images of all parts is no class.
    """
    if not layout.split_by_folders:
        return [layout.base]
    folders = [part.folder for part in layout.parts]
    inside = [relative(name, part.folder) for part in layout.parts for name in part.images]
    common = common_folder(inside)
    return [f"{folder}/{common}".rstrip("/") for folder in folders]


def _first_folders(layout: Layout, split: str) -> set[str]:
    """Return the class folders of a split."""
    return {
        relative(name, base).partition("/")[0]
        for part, base in zip(layout.parts, _class_bases(layout), strict=True)
        for name in part.images
        if part.split == split
    }


def _has_no_classes(part: Part, base: str, trained: set[str]) -> bool:
    """Tell whether no image of a split is in a class folder: all are in one that names no class."""
    inside = [relative(name, base).partition("/") for name in part.images]
    folders = {folder if below else "" for folder, below, _ in inside}
    return folders == {""} or (len(folders) == 1 and folders <= _NO_CLASSES - trained)


def _end(named: list[str], split: str) -> int:
    """Return the position after the last record of a split."""
    return named.index(split) + named.count(split)
