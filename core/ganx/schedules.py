"""Learning-rate schedules: factors in [0, 1] as pure functions of real images seen.

A schedule holds no state: it resumes exactly, and it does not move when a run is prolonged,
because its horizon is part of the run's configuration.
"""

import math
from collections.abc import Callable
from typing import Self

from pydantic import Field, model_validator

from ganx.config import Config
from ganx.errors import ConfigError

Schedule = Callable[[int], float]
"""From images seen to a factor on the learning rate."""


class ConstantConfig(Config):
    """Settings of the schedule that keeps the learning rate."""

    warmup: int = Field(default=0, ge=0)
    """Images over which the factor rises from 0 to 1 in a straight line."""


class DecayConfig(Config):
    """Settings of a schedule that lowers the learning rate after its warm-up."""

    warmup: int = Field(default=0, ge=0)
    """Images over which the factor rises from 0 to 1 in a straight line."""

    horizon: int = Field(default=0, ge=0)
    """Images seen when the decay is complete; 0 means the run's length when it was created."""

    final: float = Field(default=0.0, ge=0.0, le=1.0)
    """The factor at the horizon and after it."""

    @model_validator(mode="after")
    def _decays_after_warmup(self) -> Self:
        """Refuse a decay that would have to end before it begins."""
        if self.horizon and self.horizon <= self.warmup:
            raise ValueError(
                f"the decay ends at {self.horizon} images (horizon), which must be more than the "
                f"{self.warmup} images of warmup"
            )
        return self


def constant(config: ConstantConfig) -> Schedule:
    """Keep the learning rate after the warm-up."""
    return lambda images_seen: _warm(images_seen, config.warmup)


def linear(config: DecayConfig) -> Schedule:
    """Fall in a straight line from 1 at the warm-up's end to ``final`` at the horizon."""
    return _decay(config, lambda progress: 1 - progress)


def cosine(config: DecayConfig) -> Schedule:
    """Fall along half a cosine (Loshchilov and Hutter, arXiv:1608.03983, without restarts)."""
    return _decay(config, lambda progress: (1 + math.cos(math.pi * progress)) / 2)


def _decay(config: DecayConfig, shape: Callable[[float], float]) -> Schedule:
    """Fall from 1 to ``final`` as ``shape`` does from 1 to 0, after a warm-up."""
    if not config.horizon:
        raise ConfigError(
            "A decaying schedule needs to know where it ends: set its 'horizon' to a number of "
            "images."
        )

    def factor(images_seen: int) -> float:
        if images_seen < config.warmup:
            return _warm(images_seen, config.warmup)
        progress = (images_seen - config.warmup) / (config.horizon - config.warmup)
        return config.final + (1 - config.final) * shape(min(progress, 1.0))

    return factor


def _warm(images_seen: int, warmup: int) -> float:
    """Rise from 0 to 1 over the warm-up."""
    return min(images_seen / warmup, 1.0) if warmup else 1.0
