"""Steps in float16: losses are scaled, and a step whose numbers overflowed is skipped.

In other formats a step is the optimizer's own.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from ganx.device import Execution
from ganx.training.meter import SKIPPED


class Scaling:
    """Scales losses before gradients are taken, and takes the optimizers' steps.

    The scale is PyTorch's ``GradScaler``'s, after Micikevicius et al., "Mixed Precision Training",
    arXiv:1710.03740: gradients that are not finite halve it, and their step is skipped. So it is
    where a metric of the forward pass is not finite, too; then the modules' buffers, such as the
    statistics of BatchNorm, are put back to what they were before it.
    """

    def __init__(self, execution: Execution, modules: Iterable[nn.Module]) -> None:
        self.scaler = torch.amp.GradScaler(
            execution.device.type, enabled=execution.precision == "float16"
        )
        self._modules = tuple(modules)
        self._kept: list[tuple[Tensor, Tensor]] = []

    def begin(self) -> None:
        """Keep the buffers as they are before the forward passes of a step."""
        if self.scaler.is_enabled():
            found = (buffer for module in self._modules for buffer in module.buffers())
            self._kept = [(buffer, buffer.detach().clone()) for buffer in found]

    def scaled(self, loss: Tensor) -> Tensor:
        """Return what gradients are to be taken of."""
        return self.scaler.scale(loss)

    def step(self, optimizer: Optimizer, metrics: Iterable[Tensor]) -> dict[str, Tensor]:
        """Take a step, unless a gradient or one of the metrics, scalars, is not finite.

        Returns in float16 whether it was skipped, 0 or 1, for the log. The host does not wait.
        """
        if not self.scaler.is_enabled():
            optimizer.step()
            return {}
        overflowed = ~torch.stack([metric.detach().float() for metric in metrics]).isfinite().all()
        _spoil(optimizer, overflowed)
        one = torch.ones((), device=overflowed.device)
        before = self.scaler.scale(one)
        self.scaler.step(optimizer)
        self.scaler.update()
        self._put_back(overflowed)
        return {SKIPPED: (self.scaler.scale(one) < before).float()}

    def _put_back(self, overflowed: Tensor) -> None:
        """Undo what the forward passes did to the buffers, where these overflowed."""
        for buffer, before in self._kept:
            # By ``data``: a graph that is kept for the next phase may hold the buffer.
            buffer.data.copy_(torch.where(overflowed, before, buffer))
        self._kept = []

    def state(self) -> dict[str, Any]:
        """Return the scale and its history as JSON; empty in other formats."""
        return dict(self.scaler.state_dict())

    def restore(self, state: Mapping[str, Any]) -> str:
        """Go on from a state; return what a person should know, empty where that is nothing."""
        if state:
            self.scaler.load_state_dict(dict(state))
        elif self.scaler.is_enabled():
            return (
                "The checkpoint was not made in float16, so a scale for its gradients is looked "
                "for anew. Steps that overflow until it is found are skipped."
            )
        return ""


def _spoil(optimizer: Optimizer, overflowed: Tensor) -> None:
    """Let a gradient be not finite where the forward pass was not, so that the step is skipped.

    Without it, gradients may be finite although a loss is not, and say nothing then.
    """
    owned = (weight for group in optimizer.param_groups for weight in group["params"])
    gradient = next(weight.grad for weight in owned if weight.grad is not None)
    gradient.masked_fill_(overflowed, torch.nan)
