"""Two networks as small as they can be, for the tests of losses.

Shapes: z [B, Z], c [B, K], images [B, C, H, W] in [-1, 1], score [B].
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.networks import Critique, Networks

WIDTH = 16

LATENT = Latent(
    (
        LatentPart("noise", "normal", 4),
        LatentPart("category", "categorical", 3),
        LatentPart("style", "continuous", 2),
    )
)
"""A latent with a part of each kind that a loss may ask for."""


class StandInGenerator(nn.Module):
    """One linear layer and a tanh."""

    def __init__(self, interface: Interface) -> None:
        super().__init__()
        side = interface.resolution
        self.shape = (interface.channels, side, side)
        pixels = interface.channels * side * side
        self.paint = nn.Linear(LATENT.size + interface.condition.size, pixels)

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """Draw images."""
        inputs = z if c is None else torch.cat((z, c), dim=1)
        images: Tensor = self.paint(inputs).tanh().reshape(-1, *self.shape)
        return images


class StandInDiscriminator(nn.Module):
    """One hidden layer, from which score and heads are read."""

    def __init__(self, interface: Interface, heads: Mapping[str, int]) -> None:
        super().__init__()
        pixels = interface.channels * interface.resolution**2
        self.look = nn.Linear(pixels + interface.condition.size, WIDTH)
        self.judge = nn.Linear(WIDTH, 1)
        self.names = tuple(heads)
        self.heads = nn.ModuleList(nn.Linear(WIDTH, size) for size in heads.values())

    def forward(self, images: Tensor, c: Tensor | None = None) -> Critique:
        """Look at images."""
        inputs = images.flatten(1) if c is None else torch.cat((images.flatten(1), c), dim=1)
        seen = self.look(inputs).tanh()
        aux = {name: head(seen) for name, head in zip(self.names, self.heads, strict=True)}
        return Critique(self.judge(seen).squeeze(1), aux)


def stand_in(interface: Interface, heads: Mapping[str, int]) -> Networks:
    """Build both networks; D has the named heads [B, size] besides its score."""
    return Networks(StandInGenerator(interface), StandInDiscriminator(interface, heads), LATENT)
