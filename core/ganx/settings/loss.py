"""The written form of a loss, such as ``wasserstein + 10*gradient-penalty``."""

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import Field

from ganx.config import Config, validated
from ganx.contracts.specs import LossSpec
from ganx.errors import ConfigError, nearest, unknown

_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_TERM = re.compile(rf"\s*(?:(?P<weight>{_NUMBER})\s*\*)?\s*(?P<name>[A-Za-z][\w-]*)\s*")


class WeightedName(NamedTuple):
    """One summand as it is written: ``10*gradient-penalty``."""

    weight: float
    name: str


def parse_sum(text: str) -> tuple[WeightedName, ...]:
    """Read a sum of terms ``name`` or ``weight*name``, joined by ``+``.

    Raises ``ConfigError`` for anything else, a weight that is not a positive number, or a term
    that is written twice.
    """
    found: list[WeightedName] = []
    position = 0
    while not found or position < len(text):
        if found:
            position = _after_plus(text, position)
        match = _TERM.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        found.append(_weighted(match, text))
        position = match.end()
    _refuse_duplicates(found, text)
    return tuple(found)


def _after_plus(text: str, position: int) -> int:
    """Step over the ``+`` that has to stand between two terms."""
    if text[position] != "+":
        raise _unreadable(text, position)
    return position + 1


def _weighted(match: re.Match[str], text: str) -> WeightedName:
    """Take weight and name from one match; an unwritten weight is 1."""
    weight = float(match["weight"] or 1)
    if not 0 < weight < math.inf:
        raise ConfigError(
            f"The weight of {match['name']!r} in loss {text!r} is {weight:g}. A weight is a finite "
            "number greater than 0; leave a term out to do without it."
        )
    return WeightedName(weight, match["name"])


def _refuse_duplicates(found: list[WeightedName], text: str) -> None:
    names = [term.name for term in found]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(
                f"Loss {text!r} names {name!r} twice; write it once, with one weight."
            )


def _unreadable(text: str, position: int) -> ConfigError:
    """Say where the sum stops making sense, and how one is written."""
    rest = text[position:].strip()
    where = f"at {rest!r}" if rest else "at its end"
    return ConfigError(
        f"Cannot read loss {text!r} {where}. Write terms joined by '+', each a name or "
        "weight*name, such as 'wasserstein + 10*gradient-penalty'."
    )


class LossConfig(Config):
    """What is minimised: a weighted sum of terms, and the settings of each."""

    sum: str = "bce"
    """Terms and weights, such as ``wasserstein + 10*gradient-penalty``."""

    terms: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Settings by term, such as ``terms.bce.real_target = 0.9``."""

    weights: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Schedules that weights follow, by term: ``weights.auxiliary.name = "linear"`` and the
    schedule's own settings beside it; without a name, ``constant``. The weight in the sum is
    multiplied by the schedule's factor. Where it is 0, the term is not computed."""


class ChosenTerm(NamedTuple):
    """One summand with everything that is needed to build it."""

    weight: float
    spec: LossSpec
    config: Config


def chosen_terms(config: LossConfig, registry: Mapping[str, LossSpec]) -> tuple[ChosenTerm, ...]:
    """Look up and check every term of a loss without building any.

    Raises ``ConfigError`` for a sum that cannot be read, a term that no plugin provides, wrong
    settings of a term, or settings of a term that is not in the sum.
    """
    written = parse_sum(config.sum)
    for _, name in written:
        if name not in registry:
            raise ConfigError(f"In loss {config.sum!r}: {unknown('loss term', name, registry)}")
    _refuse_idle_settings(config, [name for _, name in written])
    return tuple(_chosen(weight, registry[name], config) for weight, name in written)


def _chosen(weight: float, spec: LossSpec, config: LossConfig) -> ChosenTerm:
    values = config.terms.get(spec.name, {})
    return ChosenTerm(weight, spec, validated(spec.config, values, f"loss.terms.{spec.name}"))


def _refuse_idle_settings(config: LossConfig, names: list[str]) -> None:
    """Refuse settings of a term that is not in the sum: they would silently do nothing."""
    for table, given in (("terms", config.terms), ("weights", config.weights)):
        for name in given:
            if name not in names:
                raise ConfigError(
                    f"'loss.{table}.{name}' sets a term that is not in the loss {config.sum!r}."
                    f"{nearest(name, names)} Add {name!r} to 'loss.sum' or drop its settings."
                )
