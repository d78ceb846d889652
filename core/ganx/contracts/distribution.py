"""The conditions that a generator was trained on, and how often each occurred.

It travels with checkpoints and exported files, so that sampling without labels needs no data set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
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

    def draw_other(
        self, conditions: NDArray[np.float32], rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """Draw for each of [B, K] one that is not it, as often as the others occurred in training.

        There must be at least two different conditions.
        """
        # Counting images one after the other, those with the same condition are stepped over.
        own = np.array([self._places.get(row.tobytes(), -1) for row in conditions.astype(np.uint8)])
        ends = self.counts.cumsum()
        same = np.where(own < 0, 0, self.counts[own])
        image = rng.integers(0, ends[-1] - same)
        image += np.where((own >= 0) & (image >= ends[own] - same), same, 0)
        chosen: NDArray[np.uint8] = self.rows[np.searchsorted(ends, image, side="right")]
        return chosen.astype(np.float32)

    @cached_property
    def _places(self) -> dict[bytes, int]:
        """Find a condition among the rows."""
        return {row.tobytes(): place for place, row in enumerate(self.rows)}

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
