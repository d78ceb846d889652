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


def standing(noise: Tensor, there: Tensor) -> Tensor:
    """Return how far each slot is the one that stands still: [B, S, 1], one in all.

    A soft choice by the slots' third number of noise. In scenes that grow around a first object, as
    i-CLEVR's, it is the first; a slot that is alone is always the one.
    """
    weight = torch.exp(3.0 * noise[:, :, 2:3].float().clamp(-3.0, 3.0)) * there
    return weight / weight.sum(dim=1, keepdim=True).clamp(min=1e-6)


class Pose(NamedTuple):
    """Where a slot's sprite goes."""

    centre: Tensor
    size: Tensor
    depth: Tensor


class SetLayer(nn.Module):
    """What each slot makes of its own noise and that of the others: tokens [B, S, F].

    Zaheer et al., "Deep Sets", arXiv:1703.06114: each sees itself, the mean of the others, the mean
    of all and how many there are, whatever their order.
    """

    def __init__(self, noise: int, features: int) -> None:
        super().__init__()
        self.own = nn.ModuleList([linear(noise, features), linear(features, features)])
        self.mix = linear(3 * features + 2, features)

    def forward(self, noise: Tensor, there: Tensor, still: Tensor) -> Tensor:
        """Make the tokens; empty slots are not heard."""
        own = noise
        for layer in self.own:
            own = activate(layer(own))
        own = own * there
        total = own.sum(dim=1, keepdim=True)
        count = there.sum(dim=1, keepdim=True).clamp(min=1.0)
        others = (total - own) / (count - 1).clamp(min=1.0)
        all_slots = torch.cat([total / count, 1 / count], dim=2).expand(-1, noise.shape[1], -1)
        seen = torch.cat([own, others, all_slots, still], dim=2).type_as(noise)
        mixed: Tensor = activate(self.mix(seen))
        return mixed


class Poses(nn.Module):
    """From a slot's token and its own label to its place, size and depth."""

    def __init__(self, features: int, embedding: int, side: int, cell: float) -> None:
        """Make poses on a grid of ``side`` cells; a sprite's cell covers about ``cell`` of them."""
        super().__init__()
        self.side = side
        self.reach = 0.45 * side  # a centre stays in sight, and with it a gradient to its label
        self.swing = 1.2
        self.cell = cell
        self.join = linear(features + embedding, features)
        self.pose = linear(features, 5, gain=0.2)

    def forward(self, tokens: Tensor, embedding: Tensor, noise: Tensor, still: Tensor) -> Pose:
        """Place each slot; its first two numbers of noise move it, unless it stands still."""
        pose = self.pose(activate(self.join(torch.cat([tokens, embedding], dim=2)))).float()
        learned = self.swing * torch.tanh(pose[:, :, :2] / self.swing)
        moved = torch.sigmoid(pose[:, :, 4:]) * noise[:, :, :2].float() * (1 - still)
        offset = torch.tanh(moved + learned)
        centre = self.reach * offset + 0.5 * (self.side - 1)
        size = self.cell * torch.exp(0.5 * torch.tanh(pose[:, :, 2:3]))
        # Lower in the picture is nearer, as on a ground seen from above.
        depth = pose[:, :, 3:4] + 4 * centre[:, :, 1:] / self.side
        return Pose(centre, size, depth)
