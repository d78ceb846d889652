"""Which of the tables in a tree hold, and for which images."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ganx import ConfigError, DataError, nearest
from ganx_folder.naming import ENDINGS, FALLBACKS, is_usual
from ganx_folder.split_names import SPLITS, split_named
from ganx_folder.tree import Tree

AUTO, NONE = "auto", "none"
"""Values of the setting ``dataset.table`` that name no file."""

_NAMED = 5
"""How many tables an error names."""

_CHOOSE = "or name the one to be read with dataset.table ('none' reads none)"


@dataclass(frozen=True)
class Placed:
    """The tables that hold, as names relative to the root."""

    shared: str | None = None
    """Over all images."""
    own: Mapping[str, str] = field(default_factory=dict)
    """For the images of each split."""


def placed_tables(tree: Tree, base: str, folders: Mapping[str, str], chosen: str) -> Placed:
    """Find the tables: by the setting ``dataset.table``, or by where they lie and their names.

    ``base`` is the folder of all images, ``folders`` are those of the splits. Raises
    ``ConfigError`` for a table that is not there, and ``DataError`` for tables that contradict
    each other or lie where none is read.
    """
    if chosen == NONE:
        return Placed()
    if chosen != AUTO:
        return _chosen(tree, folders, chosen)
    usual = [name for name in tree.tables if is_usual(name)]
    shared = [name for name in usual if posixpath.dirname(name) in _upwards(base)]
    first = [name for name in shared if PurePosixPath(name).name.lower() not in FALLBACKS]
    own = {
        split: name for split, folder in folders.items() if (name := _directly_in(usual, folder))
    }
    stray = [name for name in usual if name not in {*shared, *own.values()}]
    if stray:
        beside = _directly_in(own.values(), posixpath.dirname(stray[0]))
        if beside:
            raise _two(tree, beside, stray[0])
        raise _stray(tree, base, stray[0])
    if len(first or shared) > 1 or (shared and own):
        raise _two(tree, *[*(first or shared), *own.values()][:2])
    if not shared and not own:
        return _named_as_splits(tree, base, folders)
    _check_bare(tree, folders, own)
    return Placed((first or shared)[0] if shared else None, own)


def is_over_all(tree: Tree, base: str, chosen: str) -> bool:
    """Tell whether a table says what is used of all images, whatever their folders are called."""
    if chosen in {AUTO, NONE}:
        usual = (name for name in tree.tables if chosen == AUTO and is_usual(name))
        return any(posixpath.dirname(name) in _upwards(base) for name in usual)
    return posixpath.normpath(chosen.replace("\\", "/")) in tree.tables


def _chosen(tree: Tree, folders: Mapping[str, str], chosen: str) -> Placed:
    """Take the table of this name, or those of this name in the folders of the splits."""
    chosen = posixpath.normpath(chosen.replace("\\", "/"))
    if chosen in tree.tables:
        return Placed(chosen)
    paths = {split: posixpath.join(folder, chosen) for split, folder in folders.items()}
    own = {split: path for split, path in paths.items() if path in tree.tables}
    if not own:
        raise ConfigError(
            f"The setting dataset.table names {chosen!r}, and there is no such table in "
            f"{tree.root}.{nearest(chosen, tree.tables)} There is: "
            f"{', '.join(tree.tables[:_NAMED]) or 'none'}. Name it relative to that folder; tables "
            f"end in {', '.join(ENDINGS)}."
        )
    _check_bare(tree, folders, own)
    return Placed(None, own)


def _named_as_splits(tree: Tree, base: str, folders: Mapping[str, str]) -> Placed:
    """Take tables beside all images that are called ``train.csv``, ``test.csv`` and so on."""
    found: dict[str, str] = {}
    for name in tree.tables:
        path = PurePosixPath(name)
        split = None if path.suffix.lower() == ".txt" else split_named(path.stem)
        if split and posixpath.dirname(name) in _upwards(base):
            if split in found:
                raise _two(tree, found[split], name)
            found[split] = name
    if "train" not in found:
        return Placed()
    if not folders and len(found) == 1:
        return Placed(found["train"])
    own = {split: found[split] for split in folders or SPLITS if split in found}
    _check_bare(tree, folders, own)
    return Placed(None, own)


def _stray(tree: Tree, base: str, name: str) -> DataError:
    """Say that a table lies where it would be missed."""
    return DataError(
        f"The table {tree.root / name} is not where one is read: beside all images, that is in "
        f"{tree.root / base} or a folder above, or in the folder of a split. There may be one. "
        f"Move or rename it, give its folder with --data, {_CHOOSE}."
    )


def _check_bare(tree: Tree, folders: Mapping[str, str], own: Mapping[str, str]) -> None:
    """Refuse a split for training without a table where another has one; others are left out."""
    if own and "train" in folders and "train" not in own:
        one = next(iter(own.values()))
        raise DataError(
            f"{tree.root / one} is the table of one part of the data set, but there is none "
            f"for {tree.root / folders['train']}. Add one, {_CHOOSE}."
        )


def _two(tree: Tree, first: str, second: str) -> DataError:
    """Say that two tables would hold for the same images."""
    return DataError(
        f"There are two tables for the same images, {tree.root / first} and "
        f"{tree.root / second}. Remove or rename one, {_CHOOSE}."
    )


def _directly_in(tables: Iterable[str], folder: str) -> str | None:
    """Find the table in a folder itself; of several, the others are found to be stray."""
    return next((name for name in tables if posixpath.dirname(name) == folder), None)


def _upwards(folder: str) -> set[str]:
    """Return a folder and those around it, up to the root."""
    here = PurePosixPath(folder)
    return {"" if str(one) == "." else str(one) for one in (here, *here.parents)}
