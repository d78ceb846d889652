"""What every configurable part owes its users: settings with a meaning and a default.

A plugin's author writes::

    class TestMySettings(SettingsContract):
        spec = MY_SPEC
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from pydantic import BaseModel

from ganx.config import Config, validated


class Configurable(Protocol):
    """A spec whose part has settings."""

    @property
    def name(self) -> str:
        """The part's name."""
        ...

    @property
    def summary(self) -> str:
        """The part in one line."""
        ...

    @property
    def config(self) -> type[Config]:
        """The class of the part's settings."""
        ...


class SettingsContract:
    """The tests of any spec with a ``config``; the contracts of its kind inherit them."""

    spec: Any
    """The spec under test, as the plugin's hook yields it."""

    config: Mapping[str, Any] = MappingProxyType({})
    """Settings for the tests, such as ``{"width": 8}``; what is left out keeps its default."""

    def settings(self) -> Config:
        """Validate the settings for the tests."""
        part: Configurable = self.spec
        return validated(part.config, dict(self.config), part.name)

    def test_every_setting_is_documented(self) -> None:
        """``ganx plugins show`` explains each setting by the docstring below its field."""
        silent = undocumented(self.spec.config)
        assert not silent, f"These settings have no docstring below them: {', '.join(silent)}."

    def test_every_setting_has_a_default(self) -> None:
        """A part can be chosen by its name alone."""
        missing = required(self.spec.config)
        assert not missing, f"These settings have no default: {', '.join(missing)}."

    def test_the_part_says_what_it_is(self) -> None:
        """Lists of plugins show one line for each part."""
        summary = self.spec.summary
        assert summary.strip(), f"{self.spec.name!r} has no summary."
        assert "\n" not in summary, f"The summary of {self.spec.name!r} has more than one line."


def undocumented(config: type[BaseModel]) -> list[str]:
    """Name the settings without description, nested ones with dots."""
    return [name for name, field in _fields(config) if not (field.description or "").strip()]


def required(config: type[BaseModel]) -> list[str]:
    """Name the settings without default, nested ones with dots."""
    return [name for name, field in _fields(config) if field.is_required()]


def _fields(config: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every setting, and those of the configurations that settings hold."""
    for name, field in config.model_fields.items():
        yield prefix + name, field
        nested = field.annotation
        if isinstance(nested, type) and issubclass(nested, BaseModel):
            yield from _fields(nested, f"{prefix}{name}.")
