"""Figures gathered on the device and read only now and then, so that a step never waits."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Reading:
    """What was gathered since the last reading."""

    rows: list[dict[str, Any]]
    """One for each iteration: ``images_seen``, ``iteration``, and the figures by name."""

    means: dict[str, float]
    """The mean of each figure over the rows."""

    bad_iteration: int | None
    """The first iteration with a figure that was not finite."""
    bad_name: str | None


class Meter:
    """Scalars by name, for each iteration since the last reading."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._moments: list[tuple[int, int]] = []
        self._values: list[Tensor] = []

    def add(self, figures: Mapping[str, Tensor], images_seen: int, iteration: int) -> None:
        """Add one iteration's scalars, of the same names each time; does not wait."""
        self._names = list(figures)
        self._moments.append((images_seen, iteration))
        self._values.append(torch.stack([figure.detach().float() for figure in figures.values()]))

    def read(self) -> Reading:
        """Wait for the device, return what was gathered, and start anew."""
        if not self._values:
            return Reading([], {}, None, None)
        values = torch.stack(self._values).tolist()
        rows = [
            {
                "images_seen": seen,
                "iteration": iteration,
                **dict(zip(self._names, row, strict=True)),
            }
            for (seen, iteration), row in zip(self._moments, values, strict=True)
        ]
        means = [sum(column) / len(values) for column in zip(*values, strict=True)]
        self._moments, self._values = [], []
        bad_iteration, bad_name = _first_bad(rows)
        return Reading(rows, dict(zip(self._names, means, strict=True)), bad_iteration, bad_name)


def _first_bad(rows: list[dict[str, Any]]) -> tuple[int | None, str | None]:
    """Find the first figure that is not finite."""
    for row in rows:
        for name, value in row.items():
            if not math.isfinite(value):
                return row["iteration"], name
    return None, None
