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
    """The mean of each figure over the rows that have it."""

    bad_iteration: int | None
    """The first iteration with a figure that was not finite."""
    bad_name: str | None


class Meter:
    """Scalars by name, for each iteration since the last reading."""

    def __init__(self) -> None:
        self._moments: list[dict[str, int]] = []
        self._names: list[list[str]] = []
        self._values: list[Tensor] = []

    def add(self, figures: Mapping[str, Tensor], images_seen: int, iteration: int) -> None:
        """Add one iteration's scalars; does not wait. Other iterations may have others."""
        self._moments.append({"images_seen": images_seen, "iteration": iteration})
        self._names.append(list(figures))
        self._values.append(torch.stack([figure.detach().float() for figure in figures.values()]))

    def read(self) -> Reading:
        """Wait for the device, return what was gathered, and start anew."""
        if not self._values:
            return Reading([], {}, None, None)
        # One transfer for all iterations, whatever they have.
        values = iter(torch.cat(self._values).tolist())
        figures = [{name: next(values) for name in names} for names in self._names]
        rows = [moment | row for moment, row in zip(self._moments, figures, strict=True)]
        self._moments, self._names, self._values = [], [], []
        bad_iteration, bad_name = _first_bad(rows)
        return Reading(rows, _means(figures), bad_iteration, bad_name)


def _means(rows: list[dict[str, float]]) -> dict[str, float]:
    """Average each figure over the rows that have it; names in the order of appearance."""
    columns: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return {name: sum(column) / len(column) for name, column in columns.items()}


def _first_bad(rows: list[dict[str, Any]]) -> tuple[int | None, str | None]:
    """Find the first figure that is not finite."""
    for row in rows:
        for name, value in row.items():
            if not math.isfinite(value):
                return row["iteration"], name
    return None, None
