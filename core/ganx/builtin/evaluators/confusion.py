"""Tables of what was seen in place of what was asked for."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ganx.builtin.evaluators.matching import Indices, agreements
from ganx.contracts.results import Cell, Table


def confusion(name: str, values: Sequence[str], asked: Indices, seen: Indices) -> Table:
    """Count what was asked for (rows) by what was seen (columns): indices of ``values``, [M]."""
    counts = agreements(asked, seen, len(values), len(values))
    return confusion_table(f"{name} asked and seen", name, values, values, counts)


def confusion_table(
    title: str,
    head: str,
    rows: Sequence[str],
    columns: Sequence[str],
    counts: NDArray[np.int64],
) -> Table:
    """Write counts [rows, columns] under their names."""
    cells = [[name, *line] for name, line in zip(rows, counts.tolist(), strict=True)]
    return Table(title, (head, *columns), cells, "confusion")


def share(hits: int, total: int) -> Cell:
    """Divide, or say nothing of nothing."""
    return hits / total if total else None
