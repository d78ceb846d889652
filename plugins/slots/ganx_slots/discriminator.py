"""The discriminator: projection for the whole image, and a map of evidence for each label.

Shapes
    images [B, C, R, R] -> [B, C * p * p + 2, 32, 32] with the place of each cell
        -> [B, W, 32, 32] -> [B, 2W, 16, 16], where labels leave evidence -> [B, 3W, 8, 8]
        -> mean and maximum [B, 6W] -> [B]
    c [B, K]; W the width, p pixels of a cell of the working grid on a side
"""

import math

import torch
from torch import Tensor, nn

from ganx import GRID, ConditionProjection, Critique, EvidenceMap, Interface, PlacedCells, patch_of
from ganx_slots.config import SlotsConfig
from ganx_slots.parts import activate, convolution, halving, linear


class Residual(nn.Module):
    """Two convolutions beside the identity: [B, F, r, r] to the same shape."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = convolution(channels, channels)
        self.second = convolution(channels, channels, gain=0.3)

    def forward(self, features: Tensor) -> Tensor:
        """Add what two convolutions find."""
        found: Tensor = self.second(activate(self.first(activate(features))))
        return features + found


class SlotDiscriminator(nn.Module):
    """D(images [B, C, R, R], c [B, K]) to a logit [B], and a logit for each label [B, K]."""

    def __init__(self, interface: Interface, config: SlotsConfig) -> None:
        super().__init__()
        width, labels = config.width, interface.condition.size
        patch = patch_of(interface)
        self.cells = PlacedCells(patch)
        self.first = convolution(interface.channels * patch**2 + 2, width)
        self.down = halving(width, 2 * width)
        self.trunk = nn.ModuleList([Residual(2 * width) for _ in range(config.blocks)])
        self.deep = nn.ModuleList(
            [halving(2 * width, 3 * width), convolution(3 * width, 3 * width)]
        )
        self.judge = linear(6 * width, 1, gain=0.5)
        self.evidence = EvidenceMap(2 * width, labels, (GRID // 2) ** 2) if labels else None
        self.projection = ConditionProjection(labels, 6 * width) if labels else None
        if self.projection is not None:
            nn.init.normal_(self.projection.table.weight, 0.0, 0.5 / math.sqrt(6 * width))

    def forward(self, images: Tensor, c: Tensor | None = None) -> Critique:
        """Say how real the images are, how well they show their conditions, and what they show."""
        x = self.down(activate(self.first(self.cells(images))))
        for block in self.trunk:
            x = block(x)
        x = activate(x)
        aux = {} if self.evidence is None else {"condition": self.evidence(x)}
        for layer in self.deep:
            x = activate(layer(x))
        x = x.float()
        pooled = torch.cat([x.mean(dim=(2, 3)), x.amax(dim=(2, 3))], dim=1)
        score = self.judge(pooled).squeeze(1)
        if self.projection is not None and c is not None:
            score = score + self.projection(pooled, c)
        return Critique(score, aux)
