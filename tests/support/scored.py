"""Labs whose runs are scored by one evaluator that gives the numbers it is told to."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from lab import Lab
from tiny import tiny_host

from ganx.contracts.results import Figure, Result
from ganx.contracts.specs import EvaluatorSpec, NoConfig
from ganx.contracts.subject import Subject

RATING = {"evaluators": ["rating"], "every": 16, "select_on": "test"}


def lab_with(folder: Path, evaluate: Any, better: str = "higher", name: str = "rating") -> Lab:
    """Offer one evaluator, that calls ``evaluate`` with the subject and gives its number."""

    def spoken(subject: Subject, config: NoConfig) -> Iterable[Result]:
        del config
        figure = Figure("rating", evaluate(subject), better=better)  # type: ignore[arg-type]
        yield Result(name, "test", [figure])

    spec = EvaluatorSpec(name, "A number", spoken)
    return Lab(folder, replace(tiny_host(), evaluators={name: spec}))


def rated(*ratings: float) -> Any:
    """Give one rating after the other."""
    left = list(ratings)
    return lambda _: left.pop(0)
