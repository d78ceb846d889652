"""Optimizers of strangers: each remembers something in another way."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn
from torch.optim import SGD, Optimizer

from ganx.config import Config
from ganx.contracts.specs import OptimizerSpec


class SgdConfig(Config):
    """Settings of gradient descent."""

    learning_rate: float = 0.01
    """The step size."""

    momentum: float = 0.9
    """Decay of the running mean of gradients."""


class Counting(Optimizer):
    """Its step shrinks with the steps of each parameter and of the group, which are numbers."""

    def __init__(self, parameters: Iterable[nn.Parameter], lr: float) -> None:
        super().__init__(parameters, {"lr": lr, "rounds": 0, "phase": "rising"})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        del closure
        for group in self.param_groups:
            group["rounds"] += 1
            group["phase"] = "falling" if group["rounds"] > 3 else "rising"
            bend = 0.5 if group["phase"] == "falling" else 1.0
            for one in group["params"]:
                if one.grad is not None:
                    steps = self.state[one].get("steps", 0) + 1
                    self.state[one]["steps"] = steps
                    one.sub_(group["lr"] * bend / (steps + group["rounds"]) * one.grad)


class Hidden(Counting):
    """Counts where no checkpoint can see it."""

    def __init__(self, parameters: Iterable[nn.Parameter], lr: float) -> None:
        super().__init__(parameters, lr)
        self.calls = 0

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        self.calls += 1
        for group in self.param_groups:
            for one in group["params"]:
                if one.grad is not None:
                    one.sub_(group["lr"] / self.calls * one.grad)
        del closure


class Listing(Counting):
    """Remembers a list."""

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        super().step(closure)
        for group in self.param_groups:
            for one in group["params"]:
                self.state[one]["past"] = [1.0]


def sgd(parameters: Any, config: SgdConfig) -> Optimizer:
    return SGD(parameters, lr=config.learning_rate, momentum=config.momentum)


def two_rates(parameters: Any, config: SgdConfig) -> Optimizer:
    """Let vectors learn ten times as fast as kernels."""
    kernels = [one for one in parameters if one.ndim > 1]
    vectors = [one for one in parameters if one.ndim <= 1]
    groups = [{"params": kernels}, {"params": vectors, "lr": 10 * config.learning_rate}]
    return SGD(groups, lr=config.learning_rate, momentum=config.momentum)


def spec(build: Any, name: str = "strange") -> OptimizerSpec:
    return OptimizerSpec(name, "For tests", SgdConfig, build)


def of(kind: Any) -> OptimizerSpec:
    return spec(lambda parameters, config: kind(parameters, config.learning_rate))
