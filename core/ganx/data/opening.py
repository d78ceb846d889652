"""Opening a data set anew: with labels, at another resolution, or images that a run never saw."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from ganx.config import Config, validated
from ganx.contracts.dataset import OF_THE_ENGINE, Dataset
from ganx.contracts.specs import DatasetSpec, Purpose, Wish
from ganx.errors import RunError
from ganx.remedies import Remedy


@dataclass(frozen=True)
class Opener:
    """Opens a data set, and others like it."""

    spec: DatasetSpec
    config: Config
    given: Mapping[str, Any] = field(default_factory=dict)
    """Settings that nothing below changes: a person asks for them."""

    def open(self) -> Dataset:
        """Open it. Raises ``ConfigError`` and ``DataError`` as the data set does."""
        dataset: Dataset = self.spec.open(self.config)
        return dataset

    def suited(self, wish: Wish) -> Self:
        """Fulfil a wish as far as the data set can, and what is given allows."""
        return self._with(self.spec.suited(self.config, wish))

    def unseen(self, purpose: Purpose) -> Self | None:
        """Take images that a run of these settings does not see; None where there are none."""
        config = self.spec.unseen(self.config, purpose)
        return None if config is None else self._with(config)

    def differences(self, other: "Opener") -> list[str]:
        """Name the numbers among another's settings that differ, such as ``seed 2000``."""
        mine, others = self.config.model_dump(), other.config.model_dump()
        return [
            f"{name} {value}"
            for name, value in others.items()
            if value != mine.get(name) and isinstance(value, int | float)
        ]

    def _with(self, config: Config) -> Self:
        """Lay what is given over a configuration."""
        if not self.given:
            return replace(self, config=config)
        settings = {**config.model_dump(), **self.given}
        return replace(self, config=validated(self.spec.config, settings, "dataset"))


def require_place(config: Config) -> None:
    """Raise ``RunError`` where the data that a run was trained on is not where it was."""
    folder = getattr(config, "folder", None)
    if isinstance(folder, Path) and not folder.expanduser().exists():
        raise RunError(
            f"The data of the run is not at {folder}.",
            remedy=Remedy("name-the-new-place", "Name its new place in dataset.folder."),
        )


def opener_of(
    spec: DatasetSpec, table: Mapping[str, Any], given: Mapping[str, Any] | None = None
) -> Opener:
    """Make what opens a run's data set, with labels even where the run was trained without.

    ``table`` is the run's table ``dataset``, in which settings of the engine may stand; ``given``
    is laid over it and over all that is changed later. Raises ``ConfigError`` for wrong settings.
    """
    asked = dict(given or {})
    settings = {key: value for key, value in table.items() if key not in OF_THE_ENGINE} | asked
    opener = Opener(spec, validated(spec.config, settings, "dataset"), asked)
    return opener.suited(Wish(labels=True))
