"""One optimizer for each owner of parameters, with its schedule."""

from collections.abc import Callable, Mapping

from torch.optim import Optimizer

from ganx.contracts.networks import Networks
from ganx.contracts.specs import OptimizerSpec, ScheduleSpec
from ganx.errors import ConfigError, nearest
from ganx.settings.run import OptimizerChoice


class ScheduledOptimizer:
    """An optimizer whose learning rates are pure functions of images seen.

    Each group of parameters has a rate of its own, which the schedule scales.
    """

    def __init__(self, optimizer: Optimizer, schedule: Callable[[int], float]) -> None:
        self.optimizer = optimizer
        self.fresh_groups = [dict(group) for group in optimizer.param_groups]
        self._rates = [float(group["lr"]) for group in optimizer.param_groups]
        self._schedule = schedule

    def set_learning_rate(self, images_seen: int) -> float:
        """Set the learning rates of this moment, and return that of the first group."""
        factor = self._schedule(images_seen)
        for group, rate in zip(self.optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * factor
        return self._rates[0] * factor


def build_optimizers(
    networks: Networks,
    choices: Mapping[str, OptimizerChoice],
    optimizers: Mapping[str, OptimizerSpec],
    schedules: Mapping[str, ScheduleSpec],
) -> dict[str, ScheduledOptimizer]:
    """Build an optimizer for each owner.

    Raises ``ConfigError`` for settings of nobody, and for an optimizer without learning rates.
    """
    for owner in choices:
        if owner not in networks.owners:
            raise ConfigError(
                f"optimizer.{owner} belongs to nobody.{nearest(owner, networks.owners)} "
                f"This model's owners: {', '.join(networks.owners)}."
            )
    built = {}
    for owner in networks.owners:
        if owner in choices:
            schedule = choices[owner].schedule
            factor = schedules[schedule.name].build(schedule.config)
            optimizer = _build(networks, owner, choices[owner], optimizers)
            built[owner] = ScheduledOptimizer(optimizer, factor)
    return built


def _build(
    networks: Networks,
    owner: str,
    choice: OptimizerChoice,
    optimizers: Mapping[str, OptimizerSpec],
) -> Optimizer:
    """Build one owner's optimizer."""
    parameters = list(networks.parameters(owner))
    built: object = optimizers[choice.name].build(parameters, choice.settings)
    if isinstance(built, Optimizer) and all("lr" in group for group in built.param_groups):
        return built
    raise ConfigError(
        f"The optimizer {choice.name!r} of optimizer.{owner} is no torch.optim.Optimizer whose "
        "groups have a learning rate 'lr', so no schedule can scale it. Choose another optimizer, "
        "or mend the plugin: it has to pass ganx.testing.OptimizerContract."
    )
