"""An optimizer: Lion, Chen et al., "Symbolic Discovery of Optimization Algorithms".

arXiv:2302.06675, program 1.
"""

from pydantic import Field

from ganx import Config, OptimizerSpec, hookimpl


class LionConfig(Config):
    """Settings of Lion."""

    learning_rate: float = Field(default=3e-5, gt=0.0)
    """The length of each step, in every coordinate."""

    beta1: float = Field(default=0.9, ge=0.0, lt=1.0)
    """Weight of the mean of gradients beside the gradient, for the step."""

    beta2: float = Field(default=0.99, ge=0.0, lt=1.0)
    """Decay of that mean."""


def build(parameters, config):
    import torch

    class Lion(torch.optim.Optimizer):
        @torch.no_grad()
        def step(self, closure=None):
            for group in self.param_groups:
                for weight in group["params"]:
                    if weight.grad is None:
                        continue
                    state = self.state[weight]
                    mean = state.setdefault("mean", torch.zeros_like(weight))
                    weight.sub_(torch.lerp(weight.grad, mean, group["beta1"]).sign() * group["lr"])
                    mean.lerp_(weight.grad, 1 - group["beta2"])

    settings = {"lr": config.learning_rate, "beta1": config.beta1, "beta2": config.beta2}
    return Lion(parameters, settings)


@hookimpl
def ganx_optimizers():
    yield OptimizerSpec("lion", "Steps of one length, by the sign of a mean", LionConfig, build)
