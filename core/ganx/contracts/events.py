"""What observers are told. Events carry copies; nothing done to them reaches the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Outcome = Literal["finished", "interrupted", "failed"]


@dataclass(frozen=True)
class RunStarted:
    """A run starts, or resumes from ``images_seen``."""

    directory: Path
    config: Mapping[str, Any]
    images_seen: int
    images: int
    """The number of images seen at which the run will end."""


@dataclass(frozen=True)
class StepEnded:
    """Losses averaged since the last such event."""

    images_seen: int
    iteration: int
    metrics: Mapping[str, float]
    """Loss terms by name, ``images_per_second``, learning rates."""


@dataclass(frozen=True)
class GridDrawn:
    """A grid of samples was written."""

    images_seen: int
    path: Path


@dataclass(frozen=True)
class CheckpointSaved:
    """A checkpoint is complete on disk."""

    images_seen: int
    path: Path


@dataclass(frozen=True)
class Evaluated:
    """The averaged generator was scored, and what the raw networks make of labels measured."""

    images_seen: int
    scores: Mapping[str, float]
    """Means over seeds of the noise by ``scope.figure``, such as ``validation.top-k``; those of
    the scope ``labels`` are of the raw networks."""

    best_by: str = ""
    """The score that selects the best checkpoint, where it is better than ever; else empty."""


@dataclass(frozen=True)
class AlarmRaised:
    """Training shows signs of failing."""

    images_seen: int
    kind: str
    """Such as ``collapse``."""

    text: str
    """What was seen, what it means, and what to try in words of settings; whole sentences."""


@dataclass(frozen=True)
class RunEnded:
    """The last event of a run."""

    directory: Path
    images_seen: int
    outcome: Outcome
