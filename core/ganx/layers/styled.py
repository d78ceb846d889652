"""A generator in which noise says where, and noise and labels together scale and shift every map.

The first map is the noise's alone, normalised over the batch, so that it cannot be given up: with
labels in it, G learned one picture for each prompt: after 54,000 images noise alone decided 1 % of
the pixels' variance, and 18 % without (``docs/recipes/sagan.md``).

Shapes
    z [B, Z]; c [B, K]; style [B, E]; W the width
    G   z -> [B, 2W, 4, 4] -> [B, 2W, 8, 8] -> [B, 3W / 2, 16, 16] -> [B, W, 32, 32]
        -> cells [B, C p^2, 32, 32] -> images [B, C, 32 p, 32 p]; the style at each block
"""

from collections.abc import Collection
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganx.contracts.interface import Interface
from ganx.layers.attention import SelfAttention
from ganx.layers.cells import patch_of, pixels_of
from ganx.layers.init import he_normal
from ganx.layers.spectral_norm import spectral_normalise

STYLED_SIDES = (8, 16, 32)
"""Sides of the generator's maps that a block makes, each of which may have self-attention."""

_START = 4


def _activate(features: Tensor) -> Tensor:
    """Apply the leaky ReLU of every layer; TorchScript knows no numbers of the module."""
    return functional.leaky_relu(features, 0.2)


class Style(nn.Module):
    """What noise and labels say together: z [B, Z], c [B, K] to [B, E], by two linear layers."""

    def __init__(self, inputs: int, features: int) -> None:
        super().__init__()
        # A few set entries of c are to weigh as much as all of the noise.
        self.label_gain = 3.0
        self.layers = nn.ModuleList(
            [he_normal(nn.Linear(inputs, features)), he_normal(nn.Linear(features, features))]
        )

    def forward(self, z: Tensor, c: Tensor | None) -> Tensor:
        """Return the style of each image."""
        style = z if c is None else torch.cat([z, self.label_gain * c], dim=1)
        for layer in self.layers:
            style = _activate(layer(style))
        return style


class StyledNorm(nn.Module):
    """Batch normalisation whose gains and shifts a style decides: [B, F, r, r] to the same shape.

    Conditional batch norm (arXiv:1610.07629) with the noise beside the labels, as in BigGAN (Brock
    et al., arXiv:1809.11096, section 3, whose noise is cut in pieces for it).
    """

    def __init__(self, channels: int, style: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.decide = he_normal(nn.Linear(style, 2 * channels), gain=0.3)

    def forward(self, features: Tensor, style: Tensor) -> Tensor:
        """Normalise, scale and shift."""
        gain, shift = self.decide(style)[:, :, None, None].chunk(2, dim=1)
        scaled: Tensor = self.norm(features) * (1 + gain) + shift
        return scaled


class StyledBlock(nn.Module):
    """Double the side, refine, and attend: [B, inputs, r, r] to [B, outputs, 2r, 2r]."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        style: int,
        *,
        spectral_norm: bool,
        attention: bool,
    ) -> None:
        super().__init__()
        grow = he_normal(nn.ConvTranspose2d(inputs, outputs, 4, 2, 1))
        self.grow = spectral_normalise(grow) if spectral_norm else grow
        refine = he_normal(nn.Conv2d(outputs, outputs, 3, 1, 1))
        self.refine = spectral_normalise(refine) if spectral_norm else refine
        self.norms = nn.ModuleList([StyledNorm(outputs, style), StyledNorm(outputs, style)])
        self.attention = SelfAttention(outputs) if attention else nn.Identity()

    def forward(self, features: Tensor, style: Tensor) -> Tensor:
        """Return features of twice the side."""
        x = _activate(self.norms[0](self.grow(features), style))
        x = _activate(self.norms[1](self.refine(x), style))
        attended: Tensor = self.attention(x)
        return attended


class StyledGenerator(nn.Module):
    """G(z [B, Z], c [B, K]) to images [B, C, R, R] in [-1, 1], on a grid of 32x32 cells.

    ``spectral_norm`` normalises all convolutions but the last; ``attention`` lists the sides of
    ``STYLED_SIDES`` that get self-attention.
    """

    def __init__(
        self,
        interface: Interface,
        latent: int,
        width: int,
        *,
        spectral_norm: bool = False,
        attention: Collection[int] = (),
    ) -> None:
        super().__init__()
        self.patch = patch_of(interface)
        self.channels = 2 * width
        widths = (2 * width, 2 * width, 3 * width // 2, width)
        features = 4 * width
        self.style = Style(latent + interface.condition.size, features)
        cells = self.channels * _START**2
        self.start = he_normal(nn.Linear(latent, cells, bias=False))
        self.start_norm = nn.BatchNorm1d(cells, affine=False)
        self.blocks = nn.ModuleList(
            StyledBlock(a, b, features, spectral_norm=spectral_norm, attention=side in attention)
            for (a, b), side in zip(pairwise(widths), STYLED_SIDES, strict=True)
        )
        self.paint = nn.Conv2d(width, interface.channels * self.patch**2, 3, 1, 1)
        he_normal(self.paint, gain=0.3)

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """Draw images for latents and conditions."""
        style = self.style(z, c)
        x = _activate(self.start_norm(self.start(z)))
        x = x.view(-1, self.channels, 4, 4)
        for block in self.blocks:
            x = block(x, style)
        return pixels_of(self.paint(x), self.patch)
