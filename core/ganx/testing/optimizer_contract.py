"""The contract of an optimizer.

A plugin's author writes::

    class TestSgd(OptimizerContract):
        spec = SGD
"""

import json
import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from ganx.config import validated
from ganx.contracts.specs import OptimizerSpec
from ganx.testing.settings_contract import SettingsContract
from ganx.training.optimizer_state import flatten_optimizer, numbers_of, restore_optimizer
from ganx.training.optimizers import ScheduledOptimizer

SHAPES = ((4, 3, 3, 3), (4, 6), (5,), ())
"""Kernels, a matrix, a vector and a scalar such as attention's gamma."""

STEPS = 4
"""Steps before a run is stopped, and again after it."""


class OptimizerContract(SettingsContract):
    """All that ganx asks of an optimizer; inherit it and set ``spec``."""

    spec: OptimizerSpec
    """The optimizer under test."""

    def build(self, parameters: Sequence[nn.Parameter], rate: float | None = None) -> Optimizer:
        """Build the optimizer, with another learning rate if one is given."""
        settings = {**self.config} if rate is None else {**self.config, "learning_rate": rate}
        return self.spec.build(parameters, validated(self.spec.config, settings, self.spec.name))

    def test_it_has_a_learning_rate(self) -> None:
        """Schedules scale it, and every recipe can set it."""
        assert "learning_rate" in self.spec.config.model_fields, (
            f"The settings of {self.spec.name!r} have no 'learning_rate'."
        )

    def test_it_moves_each_parameter_once(self) -> None:
        """Every parameter is in exactly one of the groups of a torch optimizer."""
        parameters = weights()
        optimizer = self.build(parameters)
        assert isinstance(optimizer, Optimizer), f"build returns {type(optimizer).__name__}."
        grouped = [id(one) for group in optimizer.param_groups for one in group["params"]]
        assert sorted(grouped) == sorted(map(id, parameters)), (
            f"{self.spec.name!r} does not have every parameter in one of its groups."
        )

    def test_each_groups_rate_follows_the_setting(self) -> None:
        """A group has a rate ``lr``, whose ratio to the others stays."""
        low, high = (self.build(weights(), rate) for rate in (0.01, 0.02))
        for one, other in zip(low.param_groups, high.param_groups, strict=True):
            assert "lr" in one, f"A group of {self.spec.name!r} has no learning rate 'lr'."
            follows = math.isclose(float(other["lr"]), 2 * float(one["lr"]))
            assert follows, "A group's rate does not follow 'learning_rate'."

    def test_a_step_moves_every_parameter_and_a_rate_of_0_spoils_none(self) -> None:
        """A warm-up begins with a rate of 0."""
        parameters = weights()
        scheduled = ScheduledOptimizer(self.build(parameters), lambda seen: float(seen > 0))
        before = copies(parameters)
        for seen in range(3):
            step(scheduled, parameters, seen)
        for old, new in zip(before, parameters, strict=True):
            assert new.isfinite().all(), f"{self.spec.name!r} makes weights that are not finite."
            assert not torch.equal(old, new), f"{self.spec.name!r} leaves a parameter where it was."

    def test_it_resumes_to_the_bit(self) -> None:
        """All that decides the next step is in a checkpoint: tensors, and numbers as JSON."""
        parameters = weights()
        whole = ScheduledOptimizer(self.build(parameters), halved)
        for seen in range(STEPS):
            step(whole, parameters, seen)
        others = [nn.Parameter(one) for one in copies(parameters)]
        resumed = ScheduledOptimizer(self.build(others), halved)
        tensors = {key: one.clone() for key, one in flatten_optimizer(whole.optimizer).items()}
        restore_optimizer(resumed, tensors, json.loads(json.dumps(numbers_of(whole))))
        for seen in range(STEPS, 2 * STEPS):
            step(whole, parameters, seen)
            step(resumed, others, seen)
        same = all(torch.equal(*pair) for pair in zip(parameters, others, strict=True))
        assert same, f"{self.spec.name!r} remembers something that is not in its state."


def halved(seen: int) -> float:
    """Lower the learning rate from step to step."""
    return 0.5**seen


def weights() -> list[nn.Parameter]:
    """Make the same small parameters every time."""
    generator = torch.Generator().manual_seed(0)
    return [nn.Parameter(torch.randn(shape, generator=generator)) for shape in SHAPES]


def copies(parameters: Sequence[nn.Parameter]) -> list[Tensor]:
    """Remember weights."""
    return [one.detach().clone() for one in parameters]


def step(scheduled: ScheduledOptimizer, parameters: Sequence[nn.Parameter], seen: int) -> None:
    """Take a step along gradients that the moment decides."""
    generator = torch.Generator().manual_seed(seen)
    for one in parameters:
        one.grad = torch.randn(one.shape, generator=generator)
    scheduled.set_learning_rate(seen)
    scheduled.optimizer.step()
