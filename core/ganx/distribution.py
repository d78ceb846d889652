"""The conditions that a generator was trained on, and how often each occurred.

It travels with checkpoints and exported files, so that sampling without labels needs no data set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ConditionDistribution:
    """M different conditions of size K with their counts."""

    rows: NDArray[np.uint8]
    """[M, K]"""

    counts: NDArray[np.int64]
    """[M]"""

    @classmethod
    def of(cls, conditions: NDArray[np.uint8]) -> "ConditionDistribution":
        """Count the different rows of [N, K]."""
        if conditions.shape[1] == 0:
            return cls(np.zeros((1, 0), np.uint8), np.array([len(conditions)]))
        rows, counts = np.unique(conditions, axis=0, return_counts=True)
        return cls(rows, counts)

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Draw conditions [count, K] as often as they occurred in training."""
        chosen = rng.choice(len(self.rows), size=count, p=self.counts / self.counts.sum())
        return self.rows[chosen].astype(np.float32)

    def to_json(self) -> dict[str, Any]:
        """List the set entries of each row, which is far shorter than the rows."""
        hits = [np.flatnonzero(row).tolist() for row in self.rows]
        return {"size": self.rows.shape[1], "rows": hits, "counts": self.counts.tolist()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ConditionDistribution":
        """Read what ``to_json`` wrote."""
        rows = np.zeros((len(data["rows"]), data["size"]), np.uint8)
        for row, hits in zip(rows, data["rows"], strict=True):
            row[hits] = 1
        return cls(rows, np.array(data["counts"], np.int64))
