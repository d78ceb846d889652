"""Layers of nested settings: defaults, then recipe, then file, then options."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli_w

from ganx.errors import ConfigError
from ganx.remedies import Remedy

Settings = dict[str, Any]

_CHOOSERS = ("name", "sum")
_EXAMPLE_KEYS = {
    "loss": "sum",
    "optimizer": "generator.learning_rate",
    "ema": "half_life",
    "train": "images",
}


def merge(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> Settings:
    """Lay one set of nested settings over another.

    A table whose ``name`` (or, of a loss, ``sum``) changes forgets its former settings, since they
    belong to what is no longer chosen. Raises ``ConfigError`` where a table would replace a value.
    """
    merged = dict(lower)
    for chooser in _CHOOSERS:
        if chooser in upper and chooser in lower and upper[chooser] != lower[chooser]:
            merged = {}
    for key, value in upper.items():
        below = merged.get(key)
        if isinstance(value, Mapping) and not isinstance(below, Mapping | None):
            raise not_a_table(key, below)
        tables = isinstance(below, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(below or {}, value) if tables else value
    return merged


def not_a_table(key: str, value: Any) -> ConfigError:
    """Tell that a value stands where a table of settings belongs, and how its keys are written."""
    example = _EXAMPLE_KEYS.get(key, "name")
    return ConfigError(
        f"{key!r} is a table of settings, not {value!r}.",
        remedy=Remedy(
            "set-a-key-of-the-table",
            f"Set one of its keys, such as {key}.{example}.",
            {"key": f"{key}.{example}"},
        ),
    )


def read_toml(path: Path) -> Settings:
    """Read a configuration file. Raises ``ConfigError`` that names the file and the place."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"There is no configuration file {path}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"Cannot read the configuration file {path}: {error}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from None


def parse_assignments(assignments: Sequence[str]) -> Settings:
    """Read ``key.path=value`` options. A value is TOML, or else plain text."""
    settings: Settings = {}
    for assignment in assignments:
        key, found, text = assignment.partition("=")
        path = key.strip().split(".")
        if not found or not all(path):
            raise ConfigError(
                f"Cannot read the setting {assignment!r}.",
                remedy=Remedy("write-key-and-value", "Write it as model.width=96."),
            )
        nested: Settings = {path[-1]: _toml_value(text.strip())}
        for part in reversed(path[:-1]):
            nested = {part: nested}
        settings = merge(settings, nested)
    return settings


def assignment(key: str, value: Any) -> str:
    """Write what ``parse_assignments`` reads: ``train.batch_size=8``, in one line."""
    written = tomli_w.dumps({"value": value}).partition("=")[2]
    return f"{key}={' '.join(written.split())}"


def _toml_value(text: str) -> Any:
    """Read 96, 1e-4, true or [0.0, 0.9]; anything else is text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
