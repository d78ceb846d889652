"""Names of files, apart from where the files lie."""

import posixpath
from collections.abc import Sequence


def within_common_folder(names: Sequence[str]) -> list[str]:
    """Name files from the deepest folder that holds all of them.

    So a folder and an archive that has the folder itself in it name the same files alike.
    """
    if not names:
        return []
    # With a root of its own, as there is no common path of "" and "a".
    common = posixpath.commonpath({f"/{posixpath.dirname(name)}" for name in names}).strip("/")
    return [name.removeprefix(f"{common}/") for name in names] if common else list(names)
