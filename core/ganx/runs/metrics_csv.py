"""The metrics of a run as comma-separated values (RFC 4180), for other programs."""

import csv
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import numpy as np

from ganx.files import replace_text, writing
from ganx.runs.metrics import Column, Metrics

_COUNTS = frozenset({"images_seen", "iteration"})
"""Columns of whole numbers."""


def write_csv(metrics: Metrics, file: TextIO, names: Sequence[str] = ()) -> int:
    """Write a head and a row for each line of the metrics; return how many rows.

    Images seen come first. Without ``names`` all metrics are written; with some, the lines that
    have one of them. What a line lacks is an empty cell. Numbers have all their digits.
    """
    columns = [metrics.columns[name] for name in names or metrics.columns]
    shown = np.full(len(metrics.images_seen), not names)
    for column in columns:
        shown |= ~np.isnan(column)
    heads = ["images_seen", *(names or metrics.columns)]
    cells = [
        _cells(head, column[shown])
        for head, column in zip(heads, [metrics.images_seen, *columns], strict=True)
    ]
    writer = csv.writer(file)
    writer.writerow(heads)
    writer.writerows(zip(*cells, strict=True))
    return int(shown.sum())


def save_csv(metrics: Metrics, path: Path, names: Sequence[str] = ()) -> int:
    """Write such a table to a file that is whole or absent; return how many rows.

    Makes its folder. Raises ``RunError`` when the system refuses.
    """
    text = io.StringIO(newline="")
    rows = write_csv(metrics, text, names)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, text.getvalue())
    return rows


def _cells(head: str, values: Column) -> Iterator[str]:
    """Write numbers so that they are read back to the bit."""
    for value in values.tolist():
        if math.isnan(value):
            yield ""
        else:
            yield str(int(value)) if head in _COUNTS else repr(value)
