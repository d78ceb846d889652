"""Schedules of learning rates and of weights: factors in [0, 1], pure functions of images seen.

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
"""From images seen to a factor on a learning rate or a weight."""


class ConstantConfig(Config):
    """Settings of the schedule that stays at 1, once it is there."""

    start: int = Field(default=0, ge=0)
    """Images seen before which the factor is 0: a weight that begins late, or a network that
    stands still until then."""

    warmup: int = Field(default=0, ge=0)
    """Images over which the factor then rises from 0 to 1 in a straight line."""


class DecayConfig(ConstantConfig):
    """Settings of a schedule that falls after its warm-up."""

    hold: float = Field(default=0.0, ge=0.0, le=1.0)
    """The share of the horizon that is over before the factor begins to fall; 0: it falls as soon
    as the warm-up is over."""

    horizon: int = Field(default=0, ge=0)
    """Images seen when the decay is complete; 0 means the run's length when it was created."""

    final: float = Field(default=0.0, ge=0.0, le=1.0)
    """The factor at the horizon and after it."""

    @model_validator(mode="after")
    def _decays_after_warmup(self) -> Self:
        """Refuse a decay that would have to end before it begins."""
        if self.horizon and self.horizon <= self.start + self.warmup:
            late = f"the {self.start} images of start and " if self.start else "the "
            raise ValueError(
                f"the decay ends at {self.horizon} images (horizon), which must be more than "
                f"{late}{self.warmup} images of warmup"
            )
        return self


def constant(config: ConstantConfig) -> Schedule:
    """Stay at 1 after the warm-up."""
    return lambda images_seen: _warm(images_seen, config)


def linear(config: DecayConfig) -> Schedule:
    """Fall in a straight line from 1 at the end of warm-up and hold to ``final`` at the horizon."""
    return _decay(config, lambda progress: 1 - progress)


def cosine(config: DecayConfig) -> Schedule:
    """Fall along half a cosine: Loshchilov and Hutter, arXiv:1608.03983, equation 5.

    There are no restarts.
    """
    return _decay(config, lambda progress: (1 + math.cos(math.pi * progress)) / 2)


def _decay(config: DecayConfig, shape: Callable[[float], float]) -> Schedule:
    """Fall from 1 to ``final`` as ``shape`` does from 1 to 0, after warm-up and hold."""
    if not config.horizon:
        raise ConfigError(
            "A decaying schedule needs to know where it ends: set its 'horizon' to a number of "
            "images."
        )

    turn = max(config.start + config.warmup, config.hold * config.horizon)

    def factor(images_seen: int) -> float:
        if images_seen < turn:
            return _warm(images_seen, config)
        # With a hold of 1 there is nothing between the turn and the horizon.
        fall = config.horizon - turn
        progress = min((images_seen - turn) / fall, 1.0) if fall else 1.0
        return config.final + (1 - config.final) * shape(progress)

    return factor


def _warm(images_seen: int, config: ConstantConfig) -> float:
    """Wait until the start, then rise from 0 to 1 over the warm-up."""
    if images_seen < config.start:
        return 0.0
    return min((images_seen - config.start) / config.warmup, 1.0) if config.warmup else 1.0
