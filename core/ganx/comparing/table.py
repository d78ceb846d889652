"""Figures of several evaluations by row: one row a figure, one column an evaluation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ganx.comparing.verdict import Verdict, verdict
from ganx.contracts.results import Evaluation, Figure

Key = tuple[str, str]
"""A set of prompts or images, and the full name of a figure."""


@dataclass(frozen=True)
class Row:
    """One figure everywhere."""

    scope: str
    """The set of prompts, or ``images``."""

    name: str
    """The figure's full name: with all that it depends on."""

    figures: tuple[Figure | None, ...]
    """One a column; None where an evaluation lacks it."""

    verdict: Verdict

    @property
    def sample(self) -> Figure:
        """Any of the figures: name, direction and unit are the same in all."""
        return next(one for one in self.figures if one)

    @property
    def has_chance(self) -> bool:
        """Whether any was held against shuffled conditions."""
        return any(one and one.chance for one in self.figures)

    @property
    def caution(self) -> str:
        """Why the numbers say less than they seem to; empty where nothing is to be said."""
        return next((one.caution for one in self.figures if one and one.caution), "")

    def to_json(self, names: Sequence[str]) -> dict[str, Any]:
        """Write the row; columns by their names."""
        best = self.verdict.best
        return {
            "subject": self.scope,
            "name": self.name,
            "means": {
                name: one.mean if one and math.isfinite(one.mean) else None
                for name, one in zip(names, self.figures, strict=True)
            },
            "best": None if best is None else names[best],
            "verdict": self.verdict.state,
            "leaders": [names[index] for index in self.verdict.leaders],
            **({"caution": self.caution} if self.caution else {}),
        }


def rows(evaluations: Sequence[Evaluation]) -> list[Row]:
    """Lay the figures of evaluations side by side, in the order in which they first occur.

    Figures of one name that depend on something else, such as another judge, get rows of their own.
    """
    columns = [_by_key(evaluation) for evaluation in evaluations]
    keys = dict.fromkeys(key for column in columns for key in column)
    return [_row(key, [column.get(key) for column in columns]) for key in _grouped(list(keys))]


def _by_key(evaluation: Evaluation) -> dict[Key, Figure]:
    """Find the figures of one evaluation."""
    return {
        (result.scope, figure.full_name): figure
        for result in evaluation.results
        for figure in result.figures
    }


def _grouped(keys: Sequence[Key]) -> list[Key]:
    """Bring the figures of one scope together."""
    scopes = list(dict.fromkeys(scope for scope, _ in keys))
    return sorted(keys, key=lambda key: scopes.index(key[0]))


def _row(key: Key, figures: Sequence[Figure | None]) -> Row:
    return Row(*key, tuple(figures), verdict(figures))
