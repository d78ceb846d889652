"""CelebA's division of its images into splits, which lies in a file of its own."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from ganx import DataError
from ganx_folder.naming import is_celeba, place
from ganx_folder.tables import read_table
from ganx_folder.tree import Tree

NAMES = ("list_eval_partition.txt", "list_eval_partition.csv")
"""What that file is called, as published and as a CSV file, in small letters."""

_SPLITS: Mapping[str, str] = {"0": "train", "1": "validation", "2": "test"}


def partition_for(tree: Tree, table: str | None) -> str | None:
    """Find the division of the images that one of CelebA's tables names; None where there is none.

    It may lie in another folder, as CelebA's files do.
    """
    if table is None or not is_celeba(table):
        return None
    found = [name for name in tree.tables if PurePosixPath(name).name.lower() in NAMES]
    return found[0] if len(found) == 1 else None


def read_partition(tree: Tree, name: str) -> dict[str, str]:
    """Return the split of each file. Raises ``DataError`` for a number that is no split."""
    table = read_table(tree.files, name, None)
    splits = {}
    for row in table.rows:
        if row.cells[0] not in _SPLITS:
            raise DataError(
                f"{place(table.path, row.line)}: {row.cells[0]!r} is no part of CelebA. Write 0 "
                "for training, 1 for validation or 2 for test, or remove the file."
            )
        splits[row.file] = _SPLITS[str(row.cells[0])]
    return splits
