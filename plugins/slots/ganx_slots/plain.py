"""The control: a generator without slots, whose features noise and labels scale and shift.

Shapes: z [B, Z]; c [B, K]; E features of their embedding; features [B, F, r, r] at the
sides r = 4, 8, 16, 32; images [B, C, R, R] in [-1, 1].
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganx import Interface, patch_of
from ganx_slots.config import SlotsConfig
from ganx_slots.parts import activate, convolution, linear
from ganx_slots.renderer import Renderer

_START = 4


class PlainBlock(nn.Module):
    """Double the side, then scale and shift features (FiLM, Perez et al., arXiv:1709.07871)."""

    def __init__(self, inputs: int, outputs: int, embedding: int) -> None:
        super().__init__()
        self.first = convolution(inputs, outputs)
        self.second = convolution(outputs, outputs)
        self.film = linear(embedding, 2 * outputs, gain=0.3)

    def forward(self, features: Tensor, embedding: Tensor) -> Tensor:
        """Return features of twice the side."""
        x = self.first(functional.interpolate(features, scale_factor=2.0))
        gain, shift = self.film(embedding).unsqueeze(2).unsqueeze(3).chunk(2, dim=1)
        return activate(self.second(activate(x * (1 + gain) + shift)))


class PlainGenerator(nn.Module):
    """G(z [B, Z], c [B, K]) to images [B, C, R, R] in [-1, 1]."""

    def __init__(self, interface: Interface, config: SlotsConfig, noise: int) -> None:
        super().__init__()
        width = config.width
        self.channels = 4 * width
        sizes = (4 * width, 4 * width, 3 * width, 2 * width)
        embedding = 8 * width
        self.embed = nn.ModuleList(
            [linear(noise + interface.condition.size, embedding), linear(embedding, embedding)]
        )
        self.start = linear(embedding, self.channels * _START**2)
        self.blocks = nn.ModuleList(PlainBlock(a, b, embedding) for a, b in pairwise(sizes))
        self.renderer = Renderer(sizes[-1], 3 * width // 2, interface.channels, patch_of(interface))

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """Draw images for latents and conditions."""
        # A few set entries are to weigh as much as all of the noise.
        embedding = z if c is None else torch.cat([z, 3.0 * c], dim=1)
        for layer in self.embed:
            embedding = activate(layer(embedding))
        x = activate(self.start(embedding)).view(-1, self.channels, 4, 4)
        for block in self.blocks:
            x = block(x, embedding)
        images: Tensor = self.renderer(x)
        return images
