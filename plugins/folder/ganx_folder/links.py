"""Links to folders of which the images are there already."""

import os
from pathlib import PurePosixPath

from ganx_folder.tree import Tree

_NAMED = 3


def doubled(tree: Tree) -> list[str]:
    """Say which folders are there twice, as one is a link to the other."""
    first: dict[str, str] = {}
    pairs: dict[tuple[str, str], None] = {}
    for folder in sorted({str(PurePosixPath(name).parent) for name in tree.images}):
        real = os.path.realpath(tree.root / folder)
        if real in first:
            pairs[_differing(first[real], folder)] = None
        first.setdefault(real, folder)
    if not pairs:
        return []
    some = [f"{one} and {other}" for one, other in list(pairs)[:_NAMED]]
    more = f", and {len(pairs) - _NAMED} more pairs" if len(pairs) > _NAMED else ""
    return [
        f"Links make the same images be there twice: {', '.join(some)}{more} are one folder each."
    ]


def _differing(one: str, other: str) -> tuple[str, str]:
    """Drop what two names have in common at their ends."""
    left, right = one.split("/"), other.split("/")
    while len(left) > 1 and len(right) > 1 and left[-1] == right[-1]:
        left.pop()
        right.pop()
    return "/".join(left), "/".join(right)
