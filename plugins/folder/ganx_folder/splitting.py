"""Which folders are the splits of a data set.

Folders side by side are splits where one is named as the training split and another as another
split, or where those named as splits hold the same class folders. One folder of such a name among
others is a class.
"""

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ganx import DataError
from ganx_folder.names import relative
from ganx_folder.split_names import SPLITS, split_and_rest, split_named, splits_of_folders
from ganx_folder.tree import Tree

_NAMED = 5


@dataclass(frozen=True)
class Splitting:
    """The folders of splits, as names relative to the root."""

    folders: Mapping[str, str] = field(default_factory=dict)
    """The folder of each split, in the order of ``SPLITS``."""
    inner: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The folders of each split where every class folder has its own."""
    odd: tuple[str, ...] = ()
    """Folders beside those of splits that are named as none."""


NO_SPLITS = Splitting()


@dataclass(frozen=True)
class _Child:
    """A folder in the folder that holds all images."""

    name: str
    split: str | None
    inside: frozenset[str]
    """The folders in it that hold images."""
    bare: bool
    """Whether images lie in it directly."""

    @property
    def inner(self) -> dict[str, str]:
        """The split of each folder in it; empty where these are not splits."""
        splits = splits_of_folders(sorted(self.inside))
        known = {folder: split for folder, split in splits.items() if split}
        whole = len(known) == len(splits) == len({*known.values()})
        return known if whole and not self.bare else {}


def find_splits(tree: Tree, base: str) -> Splitting:
    """Find the folders of splits in ``base``, the deepest folder that holds all images.

    Raises ``DataError`` where splits are meant and it is not clear which images are trained on.
    """
    where = str(tree.root / base)
    children = _children(tree, base)
    named = [child for child in children if child.split]
    odd = [child for child in children if not child.split]
    if not named:
        _check_joined(children, where)
        inner = _inner(children, where)
        found = {
            split: tuple(posixpath.join(base, name) for name in names)
            for split, names in inner.items()
        }
        return Splitting(inner=found)
    if odd and not _are_meant(named):
        _check_same_classes(named, odd, where)
        _check_lone_split(named, odd, where)
        return NO_SPLITS
    _check_named(named, where)
    beside = [name for name in tree.images if "/" not in relative(name, base)]
    if beside:
        raise DataError(
            f"The image {tree.root / beside[0]} lies beside the folders {_listed(named)} "
            f"({len(beside):,} such). Move it into one of them, or away."
        )
    by_split = {child.split: posixpath.join(base, child.name) for child in named}
    return Splitting(
        folders={split: by_split[split] for split in SPLITS if split in by_split},
        odd=tuple(posixpath.join(base, child.name) for child in odd),
    )


def check_base(tree: Tree, base: str) -> str:
    """Say, if all images lie in a folder named as another split, that they are trained on.

    Raises ``DataError`` where the folder of the training split lies beside it and has no images.
    """
    around = ""
    for name in base.split("/"):
        if splits_of_folders([name])[name] in set(SPLITS) - {"train"}:
            place = tree.root / around
            beside = sorted(one.name for one in place.iterdir()) if place.is_dir() else []
            empty = [one for one in beside if split_named(one) == "train"]
            if empty:
                raise DataError(
                    f"All images lie in {place / name}, and {place / empty[0]} has none. Put the "
                    f"images to train on there, or give --data {place / name} to train on those."
                )
            return f"All images lie in the folder {name}, and are trained on."
        around = posixpath.join(around, name)
    return ""


def _children(tree: Tree, base: str) -> list[_Child]:
    """Look at the folders in the base."""
    inside: dict[str, set[str]] = {}
    bare = set()
    for name in tree.images:
        child, below, rest = relative(name, base).partition("/")
        folder, deeper, _ = rest.partition("/")
        if below:
            inside.setdefault(child, set()).update([folder] if deeper else [])
            bare.update([] if deeper else [child])
    splits = splits_of_folders(sorted(inside))
    return [
        _Child(name, split, frozenset(inside[name]), name in bare) for name, split in splits.items()
    ]


def _are_meant(named: Sequence[_Child]) -> bool:
    """Tell whether folders named as splits are splits, though others lie beside them."""
    splits = {child.split for child in named}
    return ("train" in splits and len(splits) > 1) or (
        len(named) > 1 and all(_same_classes(named[0], child) for child in named)
    )


def _same_classes(one: _Child, other: _Child) -> bool:
    """Tell whether two folders hold the same class folders, several of them and nothing else."""
    return len(one.inside) > 1 and one.inside == other.inside and not (one.bare or other.bare)


def _check_same_classes(named: Sequence[_Child], odd: Sequence[_Child], where: str) -> None:
    """Refuse what looks like a split and its neighbour under a name that is not known."""
    for child in named:
        for other in odd:
            if _same_classes(child, other):
                unnamed = "test" if child.split == "train" else "train"
                raise DataError(
                    f"The folders {child.name} and {other.name} in {where} hold the same class "
                    f"folders ({_few(sorted(child.inside))}), as splits of a data set do, but "
                    f"{other.name!r} is no name of a split. Rename it, to {unnamed!r} for example, "
                    "or move it elsewhere."
                )


def _check_lone_split(named: Sequence[_Child], odd: Sequence[_Child], where: str) -> None:
    """Refuse a training split with class folders beside folders that have none."""
    for child in named:
        alone = len(child.inside) > 1 and not any(other.inside for other in odd)
        if child.split == "train" and alone and not child.bare:
            raise DataError(
                f"The folder {child.name} in {where} holds class folders "
                f"({_few(sorted(child.inside))}), and {_few([other.name for other in odd])} beside "
                f"it does not, so that it is not clear whether {child.name!r} is a split or a "
                f"class. Move the others elsewhere, or give the folder {child.name} alone; rename "
                "it if it is a class."
            )


def _check_joined(children: Sequence[_Child], where: str) -> None:
    """Refuse names that join a split and a class, such as ``trainA``, ``trainB`` and ``testA``."""
    parts = [split_and_rest(child.name) for child in children]
    trained = {rest for split, rest in parts if split == "train"}
    others = {rest for split, rest in parts if split not in {"", "train"}}
    if all(split for split, _ in parts) and trained & others:
        raise DataError(
            f"The folders {_few([child.name for child in children])} in {where} have names that "
            "join a split and a class. Put the classes into folders of the splits, such as "
            f"train/{min(trained)}, or give one of the folders."
        )


def _check_named(named: Sequence[_Child], where: str) -> None:
    """Refuse splits without one for training, and two folders of one split."""
    splits = {child.split for child in named}
    if "train" not in splits or len(splits) < len(named):
        raise DataError(
            f"The folders {_listed(named)} in {where} are named as parts of a data set, but "
            "there must be one 'train' and no two of the same part. Rename them, or give a folder "
            "inside."
        )


def _inner(children: Sequence[_Child], where: str) -> dict[str, list[str]]:
    """Return the folders of splits inside class folders, if each of these is split so."""
    split = [child for child in children if child.inner]
    if not any("train" in child.inner.values() and len(child.inner) > 1 for child in split):
        return {}
    whole = [child for child in children if not child.inner]
    if whole:
        raise DataError(
            f"The folder {split[0].name} in {where} has the splits {_few(sorted(split[0].inside))} "
            f"in it, and {whole[0].name} has images elsewhere than in folders of splits "
            f"({len(whole):,} such). Divide all of them, or put the splits outside and the classes "
            "inside."
        )
    folders: dict[str, list[str]] = {}
    for name in SPLITS:
        of_split = [
            f"{child.name}/{folder}"
            for child in split
            for folder, meant in child.inner.items()
            if meant == name
        ]
        folders.update({name: of_split} if of_split else {})
    return folders


def _listed(children: Iterable[_Child]) -> str:
    """List folders by their names."""
    return ", ".join(child.name for child in children)


def _few(names: Sequence[str]) -> str:
    """List some names."""
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
