"""A generator of one colour, as a double of a trained one."""

from collections.abc import Callable

import torch
from click.testing import Result
from torch import Tensor, nn

from ganx.contracts.condition import Condition, Group
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart

Call = Callable[..., Result]

COLOURS = Condition("labels", (Group("colour", ("red", "green", "blue")),))


class Flat(nn.Module):
    """Paints one colour."""

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        brightness = 1.0 if c is None else (1 + c) / 2
        return (torch.tanh(z[:, :3]) * brightness)[:, :, None, None].repeat(1, 1, 8, 8)


def words(text: str) -> str:
    """Undo the wrapping of lines."""
    return " ".join(text.split())


def flat(condition: Condition, module: nn.Module | None = None) -> FrozenGenerator:
    interface = Interface(8, 3, condition)
    latent = Latent((LatentPart("noise", "normal", 4),))
    metadata = {"interface": interface.to_json(), "latent": latent.to_json()}
    return FrozenGenerator((module or Flat()).eval(), interface, latent, metadata)
