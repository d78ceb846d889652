"""Names of files relative to a folder, with ``/`` between their parts."""

import posixpath
from collections.abc import Iterable, Sequence

SHOWN_VALUES = 5
"""How many a sentence names."""


def common_folder(names: Iterable[str]) -> str:
    """Return the deepest folder that holds all of these files; empty for the root."""
    # With a root of its own, as there is no common path of "a" and "".
    common = posixpath.commonpath({f"/{posixpath.dirname(name)}" for name in names})
    return common.strip("/")


def relative(name: str, folder: str) -> str:
    """Return a name as it is seen from a folder that it lies in."""
    return name.removeprefix(f"{folder}/") if folder else name


def few(values: Sequence[str]) -> str:
    """List the first values, and count the others."""
    more = len(values) - SHOWN_VALUES
    return ", ".join(values[:SHOWN_VALUES]) + (f" and {more:,} more" if more > 0 else "")
