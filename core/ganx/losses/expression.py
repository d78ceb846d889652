"""The written form of a loss, such as ``wasserstein + 10*gradient-penalty``."""

import math
import re
from typing import NamedTuple

from ganx.errors import ConfigError

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
