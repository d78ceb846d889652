"""Where in a tree the splits, the class folders and the tables are."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ganx import DataError
from ganx_folder.placing import AUTO, placed_tables
from ganx_folder.split_names import SPLITS, split_named
from ganx_folder.tree import Tree


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
    named: Mapping[str, str] = field(default_factory=dict)
    """The table of each split, where tables and not folders are named as splits."""

    @property
    def tables(self) -> tuple[str, ...]:
        """All tables that hold."""
        own = [part.table for part in self.parts if part.table]
        return (*([self.table] if self.table else own), *self.named.values())

    @property
    def split_by_folders(self) -> bool:
        """Whether the folders say what is trained on."""
        return bool(self.parts[0].split)


def find_layout(tree: Tree, table: str = AUTO) -> Layout:
    """Find splits and tables; ``table`` is the setting ``dataset.table``.

    Raises ``ConfigError`` for a table that is not there, and ``DataError`` for images beside the
    folders of splits, splits without training images, and tables that contradict each other or
    lie where none is read.
    """
    base = common_folder(tree.images)
    folders = _split_folders(tree, base)
    places = {folder: split for split, folder in folders.items()} or {"": ""}
    placed = placed_tables(tree, base, folders, table)
    parts = [
        Part(split, folder, _below(folder, tree.images), placed.own.get(split))
        for folder, split in places.items()
    ]
    return Layout(tree, base, tuple(parts), placed.shared, {} if folders else placed.own)


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


def _below(folder: str, images: Iterable[str]) -> tuple[str, ...]:
    """Return the images at any depth in a folder."""
    return tuple(name for name in images if not folder or name.startswith(f"{folder}/"))


def _folder(name: str) -> str:
    """Return the folder that a file lies in; empty for the root."""
    return posixpath.dirname(name)
