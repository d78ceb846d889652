"""Columns that say yes or no of an image."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ganx import DataError
from ganx_folder.cells import Cell
from ganx_folder.records import Records

_TRUTH = (
    *({"0", "1"}, {"-1", "1"}, {"0.0", "1.0"}, {"-1.0", "1.0"}),
    *({"false", "true"}, {"no", "yes"}, {"f", "t"}, {"n", "y"}),
    # As spreadsheets write them in German and French.
    *({"falsch", "wahr"}, {"nein", "ja"}, {"faux", "vrai"}, {"non", "oui"}),
)
_TRUE = frozenset({"1", "1.0", "true", "yes", "t", "y", "wahr", "ja", "vrai", "oui"})
_MISSING = frozenset({"", "nan", "none", "null", "na", "n/a"})


def is_flag(column: Sequence[Cell]) -> bool:
    """Tell whether a column says yes or no; empty cells are allowed beside others.

    A column that has one letter only, such as ``f``, may mean something else.
    """
    values = {cell.lower() if isinstance(cell, str) else cell for cell in set(column)} - _MISSING
    letters = len(values) == 1 and values <= {"f", "t", "n", "y"}
    return bool(values) and not letters and any(values <= truth for truth in _TRUTH)


def hits(columns: Sequence[Sequence[Cell]]) -> NDArray[np.uint8]:
    """Return where columns say yes, [N, K]; an empty cell does not."""
    true = [{cell for cell in set(column) if str(cell).lower() in _TRUE} for column in columns]
    found = [[cell in yes for cell in column] for column, yes in zip(columns, true, strict=True)]
    return np.array(found, np.uint8).T.copy()


def empty_cells(columns: Sequence[Sequence[Cell]]) -> int:
    """Count the cells that say neither."""
    counts = (Counter(column) for column in columns)
    return sum(
        number
        for count in counts
        for cell, number in count.items()
        if str(cell).lower() in _MISSING
    )


def no_flag(name: str, column: Sequence[Cell], found: Records) -> DataError:
    """Name the first value that keeps a column from saying yes or no."""
    seen: set[str] = set()
    wrong = 0
    for at, cell in enumerate(column):
        seen.add(str(cell).lower())
        if not any(seen - _MISSING <= truth for truth in _TRUTH):
            wrong = at
            break
    return DataError(
        f"{found.rows[wrong].place}: the column {name!r} has {column[wrong]!r}. Several columns "
        "are labels where each has only 0 and 1, -1 and 1, false and true, or no and yes. Name "
        "others with dataset.columns, or set dataset.kind to 'attributes'."
    )
