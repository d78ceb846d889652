"""The state of any optimizer as tensors and JSON, and back."""

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from ganx.errors import RunError
from ganx.training.optimizers import ScheduledOptimizer

Numbers = Mapping[str, Any]
"""What JSON holds of an optimizer: ``state`` by the keys of its tensors, and ``groups``."""

_SCALARS = (bool, int, float, str, type(None))


def flatten_optimizer(optimizer: Optimizer) -> dict[str, Tensor]:
    """Name an optimizer's state tensors ``<parameter index>.<name>``."""
    return {key: value for key, value in _state(optimizer) if isinstance(value, Tensor)}


def numbers_of(scheduled: ScheduledOptimizer) -> dict[str, Any]:
    """Return the rest of an optimizer's state, and what it changed in its groups, as JSON.

    Raises ``RunError`` for what is neither a tensor nor a number, text or nothing.
    """
    optimizer = scheduled.optimizer
    rest = {key: value for key, value in _state(optimizer) if not isinstance(value, Tensor)}
    groups = [
        {key: value for key, value in group.items() if _is_changed(key, value, fresh)}
        for group, fresh in zip(optimizer.param_groups, scheduled.fresh_groups, strict=True)
    ]
    for values in (rest, *groups):
        _refuse_others(values, optimizer)
    return {"state": rest, "groups": groups}


def restore_optimizer(
    scheduled: ScheduledOptimizer, tensors: Mapping[str, Tensor], numbers: Numbers
) -> None:
    """Put back what ``flatten_optimizer`` and ``numbers_of`` gave.

    Raises ``RunError`` when it belongs to a network with more parameters.
    """
    optimizer = scheduled.optimizer
    owners = [(p, group) for group in optimizer.param_groups for p in group["params"]]
    for key, value in {**tensors, **numbers.get("state", {})}.items():
        index, _, name = key.partition(".")
        if int(index) >= len(owners):
            raise RunError(f"The checkpoint's optimizer has a parameter {index} too many.")
        parameter, group = owners[int(index)]
        moved = _placed(name, value, parameter, group) if isinstance(value, Tensor) else value
        optimizer.state[parameter][name] = moved
    for group, changed in zip(optimizer.param_groups, numbers.get("groups", ()), strict=False):
        group.update(changed)


def _state(optimizer: Optimizer) -> Iterator[tuple[str, Any]]:
    """Yield all that an optimizer remembers of its parameters."""
    for index, values in optimizer.state_dict()["state"].items():
        if not isinstance(index, int):
            raise RunError(
                f"The optimizer {type(optimizer).__name__} keeps {index!r} beside the state of its "
                "parameters, which a checkpoint cannot hold. Keep it in a parameter group."
            )
        for name, value in values.items():
            yield f"{index}.{name}", value


def _placed(name: str, value: Tensor, parameter: Tensor, group: Mapping[str, Any]) -> Tensor:
    """Copy a state tensor to where the optimizer expects it.

    Moments take their parameter's memory layout, which the fused kernels rely on. Steps are counted
    on the CPU unless the optimizer is fused or capturable, as torch itself has it.
    """
    on_device = group.get("fused") or group.get("capturable")
    if name == "step" and not on_device:
        return value.clone()
    like = parameter.detach() if value.shape == parameter.shape else value.to(parameter.device)
    return torch.empty_like(like, dtype=value.dtype).copy_(value)


def _is_changed(key: str, value: Any, fresh: Mapping[str, Any]) -> bool:
    """Tell whether a group's entry is not what the configuration made it."""
    if key in {"params", "lr"} or (key in fresh and value is fresh[key]):
        return False
    return not (key in fresh and isinstance(value, _SCALARS) and value == fresh[key])


def _refuse_others(values: Mapping[str, Any], optimizer: Optimizer) -> None:
    """Refuse what cannot be written as JSON and read again as the same."""
    for key, value in values.items():
        if not isinstance(value, _SCALARS):
            raise RunError(
                f"The optimizer {type(optimizer).__name__} keeps {key!r} as a "
                f"{type(value).__name__}, which a checkpoint cannot hold. An optimizer remembers "
                "tensors for each parameter, and numbers for parameters and groups."
            )
