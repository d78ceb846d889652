"""The splits of a data set, and how people call them."""

from collections.abc import Mapping

SPLITS: Mapping[str, tuple[str, ...]] = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing", "eval", "evaluation"),
}
"""The splits in their order, each with the names that its folder may have."""


def split_named(name: str) -> str | None:
    """Return the split that a folder, a table or a value of this name means, if one."""
    return next((split for split, names in SPLITS.items() if name.lower() in names), None)
