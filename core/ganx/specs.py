"""What plugins yield: frozen descriptions, cheap to make, that build the real thing on demand.

A spec's functions import what they need when they are called, so that listing plugins loads
neither torch nor numpy.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganx.config import Config
from ganx.plan import UpdatePlan

if TYPE_CHECKING:
    from ganx.dataset import Dataset
    from ganx.frozen import FrozenGenerator, Generate
    from ganx.interface import Interface
    from ganx.losses.term import LossContext, LossTerm
    from ganx.networks import Networks


class NoSettings(Config):
    """The configuration of a part that has nothing to set."""


@dataclass(frozen=True)
class ModelSpec:
    """An architecture: a generator and a discriminator."""

    name: str
    summary: str
    config: type[Config]
    build: "Callable[[Interface, Any], Networks]"
    """Called as ``build(interface, config)``; raises ``ConfigError`` for what it cannot do."""
    recipe: str
    """The recipe that ``ganx train --plugin NAME`` starts from."""


@dataclass(frozen=True)
class LossSpec:
    """One term of a loss."""

    name: str
    summary: str
    build: "Callable[[LossContext, Any], LossTerm]"
    config: type[Config] = NoSettings


@dataclass(frozen=True)
class DatasetSpec:
    """A data set: images and what they show."""

    name: str
    summary: str
    config: type[Config]
    open: "Callable[[Any], Dataset]"
    """Called as ``open(config)``; must not decode images. Raises ``DataError``."""


@dataclass(frozen=True)
class ScheduleSpec:
    """A factor on a learning rate, as a pure function of images seen."""

    name: str
    summary: str
    build: Callable[[Any], Callable[[int], float]]
    config: type[Config] = NoSettings


@dataclass(frozen=True)
class UpdatePlanSpec:
    """An order of optimizer steps."""

    name: str
    summary: str
    build: Callable[[Any], UpdatePlan]
    config: type[Config] = NoSettings


@dataclass(frozen=True)
class ExporterSpec:
    """A file format for trained generators."""

    name: str
    summary: str
    suffix: str
    """The file's ending, with its dot."""
    export: "Callable[[FrozenGenerator, Path], None]"
    """Writes the frozen generator, with ``FrozenGenerator.metadata`` inside the file."""
    load: "Callable[[Path], Generate]"
    """Opens a file for verification: a function from numpy z [B, Z], c [B, K] to images."""


@dataclass(frozen=True)
class RecipeSpec:
    """A named, complete run configuration."""

    name: str
    summary: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Nested settings as in a run's ``config.toml``."""
