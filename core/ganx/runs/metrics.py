"""The metrics that a run wrote, read back as columns.

Shapes: T lines.
"""

import json
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganx.errors import RunError
from ganx.remedies import Remedy

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Metrics:
    """What ``metrics.jsonl`` holds, in the order of its lines."""

    images_seen: Column
    """[T], whole numbers."""

    columns: Mapping[str, Column]
    """Every other number by its name, in the order of appearance: [T], NaN where absent."""

    against: Mapping[str, str] = field(default_factory=dict)
    """The real images that a score is held against, by the score's name; ``Figure.against``."""

    def series(self, name: str) -> tuple[Column, Column]:
        """Return images seen and values of one metric, where it is there and finite."""
        values = self.columns[name]
        there = np.isfinite(values)
        return self.images_seen[there], values[there]


def read_metrics(path: Path) -> Metrics:
    """Read a run's metrics.

    A line may lack any number but ``images_seen``; a last line that a crash cut off is left out.
    Raises ``RunError`` when the file is missing, has no whole line, or is damaged elsewhere.
    """
    seen = array("d")
    columns: dict[str, array[float]] = {}
    against: dict[str, str] = {}
    for row in _rows(path):
        for name, value in row.items():
            if isinstance(value, int | float):
                _put(columns.setdefault(name, array("d")), len(seen), value)
        against |= row.get("against", {})
        seen.append(row["images_seen"])
    if not seen:
        raise RunError(
            f"{path} has no readings yet.", remedy=Remedy("train-further", "Train the run further.")
        )
    for column in columns.values():
        _put(column, len(seen) - 1)
    arrays = {name: np.array(column) for name, column in columns.items()}
    return Metrics(arrays.pop("images_seen"), arrays, against)


def _put(column: "array[float]", index: int, value: float = np.nan) -> None:
    """Put a value at an index, with NaN before it where nothing was."""
    column.extend([np.nan] * (index - len(column)))
    if len(column) == index:
        column.append(value)


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the lines of the file as mappings."""
    if not path.is_file():
        raise RunError(
            f"There are no metrics at {path}. A run writes them from its first reading of the "
            "losses on."
        )
    broken = 0
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if broken:
                raise RunError(f"{path}, line {broken}, is no line of metrics. Remove that line.")
            row = _row(line)
            if row is None:
                broken = number
            else:
                yield row


def _row(line: str) -> Mapping[str, Any] | None:
    """Read a line, or return None when it is not one that a run wrote."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError:
        return None
    return row if isinstance(row, dict) and _is_number(row.get("images_seen")) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
