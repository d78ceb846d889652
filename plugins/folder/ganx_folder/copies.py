"""Folders that hold the images of a folder around them once more, as some archives unpack."""

import posixpath
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise, takewhile

from ganx import Files
from ganx_folder.names import few
from ganx_folder.tree import Tree

_LEAST = 2
_COMPARED = 8
"""How many of the images are compared byte by byte; of the others the sizes are."""


def without_copies(tree: Tree) -> Tree:
    """Leave out copies: the same names, the same sizes, and some the same bytes."""
    found = dict(_copies(tree))
    why = [
        f"images in {folder}, a copy of those {f'in {around}' if around else 'around it'}"
        for folder, around in found.items()
    ]
    return tree.without(found, why)


def _copies(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield each copy with the folder around it, the outermost only."""
    known = set(tree.images)
    last = None
    for folder in _folders(tree):
        if last and folder.startswith(f"{last}/"):
            continue
        inside = _below(tree, folder)
        for around in _around(folder) if len(inside) >= _LEAST else ():
            others = (posixpath.join(around, name[len(folder) + 1 :]) for name in inside)
            namesakes = list(takewhile(known.__contains__, others))
            if len(namesakes) == len(inside) and _are_same(
                tree.files, list(zip(inside, namesakes, strict=True))
            ):
                last = folder
                yield folder, around
                break


def same_folders(tree: Tree) -> list[str]:
    """Say which folders side by side hold the same images, such as ``cats`` and ``cats - Copy``."""
    inside: dict[str, list[str]] = {}
    for name in tree.images:
        inside.setdefault(posixpath.dirname(name), []).append(name)
    alike: dict[tuple[str, ...], list[list[str]]] = {}
    for names in inside.values():
        alike.setdefault(tuple(map(posixpath.basename, names)), []).append(names)
    pairs = [
        f"{posixpath.dirname(one[0])} and {posixpath.dirname(other[0])}"
        for group in alike.values()
        for one, other in pairwise(group)
        if len(one) >= _LEAST and _are_same(tree.files, list(zip(one, other, strict=True)))
    ]
    if not pairs:
        return []
    return [f"These folders hold the same images: {few(pairs)}."]


def _are_same(files: Files, pairs: list[tuple[str, str]]) -> bool:
    """Tell whether images are the same as their namesakes."""
    if any(_size(files, one) != _size(files, other) for one, other in pairs):
        return False
    some = pairs[:: max(1, len(pairs) // _COMPARED)][:_COMPARED]
    return all(_content(files, one) == _content(files, other) for one, other in some)


def _size(files: Files, name: str) -> int | None:
    """Return the size of a file."""
    found = files.stamp(name)
    return found.size if found else None


def _content(files: Files, name: str) -> bytes:
    """Read a file."""
    with files.open(name) as file:
        return file.read()


def _folders(tree: Tree) -> list[str]:
    """List the folders that hold images at any depth, but for the root."""
    return sorted({folder for name in tree.images for folder in _around(name) if folder})


def _around(name: str) -> Iterator[str]:
    """Yield the folders that a name lies in, the innermost first and the root, "", last."""
    while name:
        name = posixpath.dirname(name)
        yield name


def _below(tree: Tree, folder: str) -> tuple[str, ...]:
    """Return the images in a folder; they are sorted, and those of a folder side by side."""
    start = bisect_left(tree.images, f"{folder}/")
    return tree.images[start : bisect_left(tree.images, f"{folder}0")]  # "0" comes after "/"
