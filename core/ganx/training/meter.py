"""Figures gathered on the device and read only now and then, so that a step never waits."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ganx.contracts.networks import Critique
from ganx.contracts.plan import Phase

SKIPPED = "skipped_steps"
"""The metric of an iteration in float16 that tells which share of its steps were skipped."""


PATIENCE = 20
"""So many iterations on end may overflow in float16."""


@dataclass(frozen=True)
class Reading:
    """What was gathered since the last reading."""

    rows: list[dict[str, Any]]
    """One for each iteration: ``images_seen``, ``iteration``, and the metrics by name."""

    means: dict[str, float]
    """The mean of each metric over the rows that have it."""

    bad_iteration: int | None
    """The first iteration with a metric that was not finite, and whose steps were not skipped."""
    bad_name: str | None


class Meter:
    """Scalars by name, for each iteration since the last reading."""

    def __init__(self) -> None:
        self._moments: list[dict[str, int]] = []
        self._names: list[list[str]] = []
        self._values: list[Tensor] = []
        self._overflows = 0
        """Iterations on end until now that had a metric that was not finite."""

    def add(self, metrics: Mapping[str, Tensor], images_seen: int, iteration: int) -> None:
        """Add one iteration's scalars; does not wait. Other iterations may have others."""
        self._moments.append({"images_seen": images_seen, "iteration": iteration})
        self._names.append(list(metrics))
        self._values.append(torch.stack([metric.detach().float() for metric in metrics.values()]))

    def read(self) -> Reading:
        """Wait for the device, return what was gathered, and start anew."""
        if not self._values:
            return Reading([], {}, None, None)
        # One transfer for all iterations, whatever they have.
        values = iter(torch.cat(self._values).tolist())
        metrics = [{name: next(values) for name in names} for names in self._names]
        rows = [moment | row for moment, row in zip(self._moments, metrics, strict=True)]
        self._moments, self._names, self._values = [], [], []
        bad_iteration, bad_name = self._first_bad(rows)
        return Reading(
            [_finite(row) for row in rows],
            _means([_finite(row) for row in metrics]),
            bad_iteration,
            bad_name,
        )

    def _first_bad(self, rows: list[dict[str, Any]]) -> tuple[int | None, str | None]:
        """Find the first metric that is not finite, and whose step was not skipped for it.

        Where all iterations overflow, skipping does not help: then it is the last of so many.
        """
        for row in rows:
            bad = next((name for name, value in row.items() if not math.isfinite(value)), None)
            self._overflows = self._overflows + 1 if bad else 0
            if bad and (not row.get(SKIPPED) or self._overflows >= PATIENCE):
                return row["iteration"], bad
        return None, None


def _means(rows: list[dict[str, float]]) -> dict[str, float]:
    """Average each metric over the rows that have it; names in the order of appearance."""
    columns: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return {name: sum(column) / len(column) for name, column in columns.items()}


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out what an iteration that overflowed could not compute."""
    return {name: value for name, value in row.items() if math.isfinite(value)}


def score_readings(
    phase: Phase, critiques: Mapping[str, Critique], *, are_logits: bool
) -> dict[str, Tensor]:
    """Return mean D(x) and D(G(z)) of a phase: probabilities where the loss makes them such.

    D(G(z)) is seen twice in an iteration: in D's phase, so after G's steps of the iteration
    before, and in G's, before it steps.
    """
    learning = "generator" in phase.parts
    names = {"fake": "generator"} if learning else {"real": "real", "fake": "fake"}
    seen = {names[key]: one.score.detach() for key, one in critiques.items() if key in names}
    if not are_logits:
        return {f"score.{name}": score.mean() for name, score in seen.items()}
    return {f"probability.{name}": score.sigmoid().mean() for name, score in seen.items()}
