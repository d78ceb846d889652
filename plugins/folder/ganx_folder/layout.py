"""Where in a tree the splits, the class folders and the tables are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ganx_folder.copies import same_folders, without_copies
from ganx_folder.links import doubled
from ganx_folder.names import common_folder
from ganx_folder.partition import partition_for
from ganx_folder.placing import AUTO, is_over_all, placed_tables
from ganx_folder.splitting import NO_SPLITS, Splitting, check_base, find_splits
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
    """Without what was left out."""
    base: str
    """The deepest folder that holds all images."""
    parts: tuple[Part, ...]
    """One for each split, in the order of ``SPLITS``; at least one."""
    table: str | None
    """The table over all parts."""
    named: Mapping[str, str] = field(default_factory=dict)
    """The table of each split, where tables and not folders are named as splits."""
    partition: str | None = None
    """The file that divides CelebA's images into splits."""
    classes_around_splits: bool = False
    """Whether each class folder has folders of splits in it."""
    remarks: tuple[str, ...] = ()
    """What people should know of it, in sentences."""

    @property
    def tables(self) -> tuple[str, ...]:
        """All tables that hold."""
        own = [part.table for part in self.parts if part.table]
        divided = [self.partition] if self.partition else []
        return (*([self.table] if self.table else own), *self.named.values(), *divided)

    @property
    def split_by_folders(self) -> bool:
        """Whether the folders say what is trained on."""
        return bool(self.parts[0].split)


def find_layout(tree: Tree, table: str = AUTO) -> Layout:
    """Find splits and tables; ``table`` is the setting ``dataset.table``.

    Folders that hold the images of a folder around them once more are left out, and so are those
    beside the folders of splits that are named as none, unless a table over all says what is used.
    Raises ``ConfigError`` for a table that is not there, and ``DataError`` for images beside the
    folders of splits, splits without training images, and tables that contradict each other or
    lie where none is read.
    """
    tree = without_copies(tree)
    base = common_folder(tree.images)
    splitting = find_splits(tree, base)
    if splitting.odd and is_over_all(tree, base, table):
        splitting = NO_SPLITS
    why = [f"images in {folder}, which is not named as a split" for folder in splitting.odd]
    tree = tree.without(splitting.odd, why)
    placed = placed_tables(tree, base, splitting.folders, table)
    if placed.own and splitting.folders:
        bare = [name for split, name in splitting.folders.items() if split not in placed.own]
        tree = tree.without(bare, [f"images in {one}, for which there is no table" for one in bare])
        kept = {split: splitting.folders[split] for split in placed.own}
        splitting = replace(splitting, folders=kept)
    remarks = [check_base(tree, base), *doubled(tree), *same_folders(tree)]
    return Layout(
        tree,
        base,
        tuple(_parts(tree, base, splitting, placed.own)),
        placed.shared,
        {} if splitting.folders else placed.own,
        partition=None if splitting.folders else partition_for(tree, placed.shared),
        classes_around_splits=bool(splitting.inner),
        remarks=tuple(filter(None, remarks)),
    )


def _parts(tree: Tree, base: str, splitting: Splitting, own: Mapping[str, str]) -> list[Part]:
    """Take the images of each split, or all of them where there are no splits."""
    if splitting.inner:
        return [
            Part(split, base, _below(folders, tree.images), None)
            for split, folders in splitting.inner.items()
        ]
    if splitting.folders:
        return [
            Part(split, folder, _below((folder,), tree.images), own.get(split))
            for split, folder in splitting.folders.items()
        ]
    return [Part("", "", tree.images, None)]


def _below(folders: Iterable[str], images: Iterable[str]) -> tuple[str, ...]:
    """Return the images at any depth in some folders."""
    starts = tuple(f"{folder}/" for folder in folders)
    return tuple(name for name in images if name.startswith(starts))
