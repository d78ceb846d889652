"""The built-in optimizers. Loads torch only when one is built."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import Field, field_validator

from ganx.config import Config

if TYPE_CHECKING:
    from torch.nn import Parameter
    from torch.optim import Optimizer


class AdamConfig(Config):
    """Settings of Adam."""

    learning_rate: float = Field(default=2e-4, gt=0)
    """The step size before the schedule's factor."""

    betas: tuple[float, float] = (0.5, 0.999)
    """Decay of the running means of gradient and squared gradient."""

    weight_decay: float = Field(default=0.0, ge=0)
    """L2 penalty, which is part of the gradient."""

    @field_validator("betas")
    @classmethod
    def _inside_unit_interval(cls, betas: tuple[float, float]) -> tuple[float, float]:
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError("each beta must be at least 0 and less than 1")
        return betas


class AdamWConfig(AdamConfig):
    """Settings of AdamW."""

    weight_decay: float = Field(default=0.0, ge=0)
    """Decoupled decay: the share, times the learning rate, by which weights shrink in a step."""


def adam(parameters: "Sequence[Parameter]", config: AdamConfig) -> "Optimizer":
    """Build Adam (Kingma and Ba, arXiv:1412.6980, algorithm 1) in its fused form."""
    from torch.optim import Adam

    return Adam(parameters, fused=True, **_arguments(config))


def adamw(parameters: "Sequence[Parameter]", config: AdamWConfig) -> "Optimizer":
    """Build AdamW (Loshchilov and Hutter, arXiv:1711.05101, algorithm 2) in its fused form."""
    from torch.optim import AdamW

    return AdamW(parameters, fused=True, **_arguments(config))


def _arguments(config: AdamConfig) -> dict[str, Any]:
    """Name the settings as PyTorch does."""
    return {
        "lr": config.learning_rate,
        "betas": config.betas,
        "weight_decay": config.weight_decay,
    }
