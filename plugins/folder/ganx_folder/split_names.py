"""The splits of a data set, and how people call them."""

import re
from collections.abc import Collection, Mapping

SPLITS: Mapping[str, tuple[str, ...]] = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing", "eval", "evaluation"),
}
"""The splits in their order, each with the names that its folder may have."""

_FILLERS = frozenset({"image", "images", "img", "imgs", "data", "dataset", "split", "pictures"})
"""Words beside such a name that change nothing, as in ``train_images``."""

_ENDS = re.compile(r"(set|(19|20)\d\d)$")
"""What such a name may end in, as in ``trainset`` and ``train2017``."""

_BEGINNING = re.compile(
    rf"(?P<split>(?i:{'|'.join(name for names in SPLITS.values() for name in names)}))"
    r"(?:[\s_.-]+(?P<rest>\w.*)|(?P<capital>[A-Z].*))"
)
"""A name of a split, and behind it a mark or a capital letter."""


def split_named(name: str) -> str | None:
    """Return the split that a folder, a table or a value of this name means, if one."""
    parts = (_ENDS.sub("", word) for word in re.split(r"[\s_.-]+", name.lower()))
    words = [word for word in parts if word and word not in _FILLERS]
    if len(words) != 1:
        return None
    return next((split for split, names in SPLITS.items() if words[0] in names), None)


def split_and_rest(name: str) -> tuple[str, str]:
    """Take a name such as ``trainA`` or ``test_cat`` apart; empty where it begins as no split."""
    begun = _BEGINNING.match(name)
    if begun is None:
        return "", ""
    return split_named(begun["split"]) or "", begun["rest"] or begun["capital"]


def splits_of_folders(folders: Collection[str]) -> dict[str, str | None]:
    """Return the split of each of the folders side by side.

    A number behind a name, as in ``test1``, is dropped where no other has the same name.
    """
    plain = [folder.rstrip("0123456789") for folder in folders]
    return {
        folder: split_named(folder) or (split_named(stem) if plain.count(stem) == 1 else None)
        for folder, stem in zip(folders, plain, strict=True)
    }
