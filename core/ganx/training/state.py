"""All that decides the next step, as tensors and JSON."""

from collections.abc import Mapping

import torch
from torch import Tensor


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
