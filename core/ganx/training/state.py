"""All that decides the next step, as tensors and JSON."""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.optim import Optimizer

from ganx.errors import RunError


def flatten_optimizer(optimizer: Optimizer) -> dict[str, Tensor]:
    """Name an optimizer's state tensors ``<parameter index>.<name>``."""
    state = optimizer.state_dict()["state"]
    return {
        f"{index}.{name}": value
        for index, values in state.items()
        for name, value in values.items()
        if isinstance(value, Tensor)
    }


def restore_optimizer(optimizer: Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Put back what ``flatten_optimizer`` named.

    Moments take their parameter's memory layout, which the fused kernels rely on.
    """
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    for key, value in tensors.items():
        index, _, name = key.partition(".")
        if int(index) >= len(parameters):
            raise RunError(f"The checkpoint's optimizer has a parameter {index} too many.")
        parameter = parameters[int(index)]
        like = parameter.detach() if value.shape == parameter.shape else value.to(parameter.device)
        optimizer.state[parameter][name] = torch.empty_like(like, dtype=value.dtype).copy_(value)


def capture_rng(device: torch.device) -> dict[str, Tensor]:
    """Take the global random states, which layers such as dropout draw from."""
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    return states


def restore_rng(states: Mapping[str, Tensor], device: torch.device) -> None:
    """Put the global random states back."""
    torch.set_rng_state(states["cpu"])
    if device.type == "cuda" and "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"], device)


def load_module(module: torch.nn.Module, tensors: Mapping[str, Tensor], what: str) -> None:
    """Load weights. Raises ``RunError`` when they are of another architecture."""
    try:
        module.load_state_dict(dict(tensors))
    except RuntimeError as error:
        raise RunError(
            f"The checkpoint's {what} does not fit the configured model: {error}"
        ) from error
