"""Where in a tree the splits, the class folders and the tables are."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from ganx import DataError
from ganx_folder.tree import TABLES, Tree

SPLITS: Mapping[str, tuple[str, ...]] = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing", "eval", "evaluation"),
}
"""The splits in their order, each with the names that its folder may have."""


@dataclass(frozen=True)
class Part:
    """The folder of one split, or all of the tree where there are no splits."""

    split: str
    """Empty where there are no splits."""
    folder: str
    """Relative to the root, as all names here."""
    images: tuple[str, ...]
    table: str | None


@dataclass(frozen=True)
class Layout:
    """A tree that was understood."""

    tree: Tree
    base: str
    """The deepest folder that holds all images."""
    parts: tuple[Part, ...]
    """One for each split, in the order of ``SPLITS``; at least one."""
    table: str | None
    """The table over all parts."""

    @property
    def split_by_folders(self) -> bool:
        """Whether the folders say what is trained on."""
        return bool(self.parts[0].split)


def find_layout(tree: Tree) -> Layout:
    """Find splits and tables.

    Raises ``DataError`` for images beside the folders of splits, splits without training images,
    and tables that contradict each other or lie where none is read.
    """
    base = common_folder(tree.images)
    folders = _split_folders(tree, base)
    places = {folder: split for split, folder in folders.items()} or {"": ""}
    parts = [
        Part(split, folder, _below(folder, tree.images), _table_in(tree, folder) if split else None)
        for folder, split in places.items()
    ]
    shared = [name for name in tree.tables if _folder(name) in _upwards(base)]
    _check_tables(tree, parts, shared, base)
    return Layout(tree, base, tuple(parts), shared[0] if shared else None)


def split_named(name: str) -> str | None:
    """Return the split that a folder or a value of this name means, if one."""
    return next((split for split, names in SPLITS.items() if name.lower() in names), None)


def common_folder(names: Iterable[str]) -> str:
    """Return the deepest folder that holds all of these files; empty for the root."""
    # With a root of its own, as there is no common path of "a" and "".
    common = posixpath.commonpath({f"/{_folder(name)}" for name in names})
    return common.strip("/")


def relative(name: str, folder: str) -> str:
    """Return a name as it is seen from a folder that it lies in."""
    return name.removeprefix(f"{folder}/") if folder else name


def _split_folders(tree: Tree, base: str) -> dict[str, str]:
    """Return the folder of each split, if the folders in the base are all named as splits."""
    seen = [relative(name, base).partition("/") for name in tree.images]
    children = sorted({child for child, inside, _ in seen if inside})
    beside = [child for child, inside, _ in seen if not inside]
    splits = {child: split_named(child) for child in children}
    if not children or None in splits.values():
        return {}
    where = tree.root / base
    if "train" not in splits.values() or len(set(splits.values())) < len(children):
        raise DataError(
            f"The folders {', '.join(children)} in {where} are named as parts of a data set, but "
            "there must be one 'train' and no two of the same part. Rename them, or give a folder "
            "inside."
        )
    if beside:
        raise DataError(
            f"The image {where / beside[0]} lies beside the folders {', '.join(children)} "
            f"({len(beside):,} such). Move it into one of them."
        )
    named = {split: child for child, split in splits.items()}
    return {split: posixpath.join(base, named[split]) for split in SPLITS if split in named}


def _check_tables(tree: Tree, parts: list[Part], shared: list[str], base: str) -> None:
    """Refuse tables of which it is not clear which one holds, and those that would be missed."""
    own = [part.table for part in parts if part.table]
    stray = [name for name in tree.tables if name not in {*shared, *own}]
    if stray:
        raise DataError(
            f"The table {tree.root / stray[0]} is not where one is read: beside all images, that "
            f"is in {tree.root / base} or a folder above, or in the folder of a split. There may "
            "be one. Move or rename it, or give its folder with --data."
        )
    if len(shared) > 1 or (shared and own):
        first, second = [*shared, *own][:2]
        raise DataError(
            f"There are two tables for the same images, {tree.root / first} and "
            f"{tree.root / second}. Remove or rename one."
        )
    bare = [part.folder for part in parts if not part.table]
    if own and bare:
        raise DataError(
            f"{tree.root / own[0]} is the table of one part of the data set, but there is none in "
            f"{tree.root / bare[0]}. Add {PurePosixPath(own[0]).name} there."
        )


def _table_in(tree: Tree, folder: str) -> str | None:
    """Find the table in a folder itself; of several, the others are found to be stray."""
    names = [posixpath.join(folder, table) for table in TABLES]
    return next((name for name in names if name in tree.tables), None)


def _below(folder: str, images: Iterable[str]) -> tuple[str, ...]:
    """Return the images at any depth in a folder."""
    return tuple(name for name in images if not folder or name.startswith(f"{folder}/"))


def _folder(name: str) -> str:
    """Return the folder that a file lies in; empty for the root."""
    return posixpath.dirname(name)


def _upwards(folder: str) -> set[str]:
    """Return a folder and those around it, up to the root."""
    here = PurePosixPath(folder)
    return {"" if str(one) == "." else str(one) for one in (here, *here.parents)}
