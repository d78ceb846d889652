"""One optimizer for each owner of parameters, with its schedule."""

from collections.abc import Callable, Mapping

from torch.optim import Adam, AdamW, Optimizer

from ganx.errors import ConfigError, nearest
from ganx.networks import Networks
from ganx.run_config import OptimizerChoice
from ganx.specs import ScheduleSpec

_CLASSES: Mapping[str, type[Adam]] = {"adam": Adam, "adamw": AdamW}


class ScheduledOptimizer:
    """An optimizer whose learning rate is a pure function of images seen."""

    def __init__(
        self,
        optimizer: Optimizer,
        learning_rate: float,
        schedule: Callable[[int], float],
    ) -> None:
        self.optimizer = optimizer
        self._learning_rate = learning_rate
        self._schedule = schedule

    def set_learning_rate(self, images_seen: int) -> float:
        """Set and return the learning rate of this moment."""
        rate = self._learning_rate * self._schedule(images_seen)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        return rate


def build_optimizers(
    networks: Networks,
    choices: Mapping[str, OptimizerChoice],
    schedules: Mapping[str, ScheduleSpec],
) -> dict[str, ScheduledOptimizer]:
    """Build an optimizer for each owner. Raises ``ConfigError`` for settings of nobody."""
    for owner in choices:
        if owner not in networks.owners:
            raise ConfigError(
                f"optimizer.{owner} belongs to nobody.{nearest(owner, networks.owners)} "
                f"This model's owners: {', '.join(networks.owners)}."
            )
    return {
        owner: _build(networks, owner, choices[owner], schedules)
        for owner in networks.owners
        if owner in choices
    }


def _build(
    networks: Networks,
    owner: str,
    choice: OptimizerChoice,
    schedules: Mapping[str, ScheduleSpec],
) -> ScheduledOptimizer:
    """Build one owner's optimizer."""
    settings = choice.settings
    optimizer = _CLASSES[settings.name](
        networks.parameters(owner),
        lr=settings.learning_rate,
        betas=settings.betas,
        weight_decay=settings.weight_decay,
        fused=True,
    )
    schedule = schedules[choice.schedule.name].build(choice.schedule.config)
    return ScheduledOptimizer(optimizer, settings.learning_rate, schedule)
