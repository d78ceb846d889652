"""Where the configurations of runs differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ABSENT = None
"""Stands for a setting that a run does not have; TOML has no such value."""


@dataclass(frozen=True)
class Setting:
    """One setting that not all runs have alike."""

    key: str
    """Such as ``model.width``."""

    values: tuple[Any, ...]
    """One a run; ``ABSENT`` where it has no such setting."""


def differing(configs: Sequence[Mapping[str, Any]]) -> list[Setting]:
    """List the settings that are not the same everywhere, in the order of the first run's."""
    flat = [dict(_flattened(config)) for config in configs]
    keys = dict.fromkeys(key for one in flat for key in one)
    settings = [Setting(key, tuple(one.get(key, ABSENT) for one in flat)) for key in keys]
    return [one for one in settings if any(value != one.values[0] for value in one.values)]


def _flattened(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the settings of nested tables under dotted keys; an empty table holds none."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flattened(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
