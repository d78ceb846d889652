"""Where the objects are: a shared set layer over the slots, and each slot's pose.

A slot hears the noise of the others and not their labels. So objects can keep clear of each other,
and an object whose label is exchanged leaves the others where they are.

Shapes: B batch, S slots, E features of an embedding, N noise of a slot, F features of a token; in
cells of a working grid of H x H: centre [B, S, 2] (across, down), size [B, S, 1] in cells of the
grid that a sprite's cell covers, depth [B, S, 1], which is larger in front.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from ganx_slots.parts import activate, linear


class Pose(NamedTuple):
    """Where a slot's sprite goes."""

    centre: Tensor
    size: Tensor
    depth: Tensor


class SetLayer(nn.Module):
    """Tokens [B, S, F] of slots that know of each other, whatever their order.

    Zaheer et al., "Deep Sets", arXiv:1703.06114: each sees itself, the mean of the others and the
    sum of all. What is heard of a slot is made of its noise alone.
    """

    def __init__(self, embedding: int, noise: int, features: int) -> None:
        super().__init__()
        self.own = nn.ModuleList([linear(embedding + noise, features), linear(features, features)])
        self.heard = linear(noise, features)
        self.mix = nn.ModuleList([linear(3 * features, features), linear(features, features)])

    def forward(self, embedding: Tensor, noise: Tensor, there: Tensor) -> Tensor:
        """Make the tokens; empty slots are not heard."""
        own = torch.cat([embedding, noise], dim=2)
        for layer in self.own:
            own = activate(layer(own))
        heard = activate(self.heard(noise)) * there
        total = heard.sum(dim=1, keepdim=True)
        others = there.sum(dim=1, keepdim=True) - there
        mean = (total - heard) / others.clamp(min=1.0)
        token = torch.cat([own, mean, (0.5 * total).expand_as(own)], dim=2)
        for layer in self.mix:
            token = activate(layer(token))
        return token


class Poses(nn.Module):
    """From a slot's token to its place, size and depth."""

    def __init__(self, features: int, side: int, cell: float) -> None:
        """Make poses on a grid of ``side`` cells; a sprite's cell covers about ``cell`` of them."""
        super().__init__()
        self.side = side
        self.reach = 0.45 * side  # a centre stays in sight, and with it a gradient to its label
        self.swing = 1.2
        self.cell = cell
        self.pose = linear(features, 5, gain=0.2)

    def forward(self, token: Tensor, noise: Tensor) -> Pose:
        """Place each slot; its first two numbers of noise move it."""
        pose = self.pose(token).float()
        learned = self.swing * torch.tanh(pose[:, :, :2] / self.swing)
        offset = torch.tanh(torch.sigmoid(pose[:, :, 4:]) * noise[:, :, :2].float() + learned)
        centre = self.reach * offset + 0.5 * (self.side - 1)
        size = self.cell * torch.exp(0.5 * torch.tanh(pose[:, :, 2:3]))
        # Lower in the picture is nearer, as on a ground seen from above.
        depth = pose[:, :, 3:4] + 4 * centre[:, :, 1:] / self.side
        return Pose(centre, size, depth)
