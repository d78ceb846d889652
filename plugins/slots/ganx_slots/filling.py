"""Which label fills which slot, and which noise is whose.

Noise belongs to what is asked for and not to a slot: each label has its own, and so keeps it when
another label is added, removed or exchanged. A class and an attribute share the noise of their
group, so that the same noise shows another value in the same way.

Shapes: B batch, S slots, K size of the condition, N noise of a slot, E features of an embedding.
    c [B, K]; noise [B, M * N] for M owners of noise; filled: embedding [B, S, E], noise [B, S, N],
    there [B, S, 1], which is 1 for a slot that shows something and 0 for an empty one.
"""

import torch
from torch import Tensor, nn

from ganx import Condition
from ganx_slots.config import SlotsConfig
from ganx_slots.sizes import slots_of


class LabelSlots(nn.Module):
    """Any of K labels: those asked for fill the slots in the order of the vocabulary.

    The first label asked for is in the first slot, and so on; slots that are left stay empty, and
    labels beyond the last slot are not shown. Counting decides, not sorting: runtimes sort equal
    values in different orders.
    """

    places: Tensor

    def __init__(self, labels: int, slots: int, noise: int, features: int) -> None:
        super().__init__()
        self.enough = 0.5  # there is no half of an object to show
        self.noise = noise
        self.owners = labels
        self.table = nn.Parameter(torch.randn(labels, features))
        places = torch.arange(1, slots + 1).float().view(1, slots, 1)
        self.register_buffer("places", places, persistent=False)

    def forward(self, noise: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Fill the slots."""
        asked = torch.gt(c, self.enough).type_as(c)
        place = torch.cumsum(asked, dim=1)
        filled = torch.eq(place.unsqueeze(1), self.places).type_as(c) * asked.unsqueeze(1)
        own = noise.view(-1, self.owners, self.noise)
        there = filled.sum(dim=2, keepdim=True)
        return torch.matmul(filled, self.table), torch.matmul(filled, own), there


class GroupSlots(nn.Module):
    """One value of each group, a class or an attribute: a slot for each group, always filled.

    The embedding is linear in the condition, so that one between two values is between their two.
    """

    groups: Tensor

    def __init__(self, condition: Condition, noise: int, features: int) -> None:
        super().__init__()
        self.noise = noise
        self.owners = len(condition.groups)
        self.table = nn.Parameter(torch.randn(condition.size, features))
        groups = torch.zeros(1, self.owners, condition.size)
        for slot, where in enumerate(condition.slices.values()):
            groups[0, slot, where] = 1
        self.register_buffer("groups", groups, persistent=False)

    def forward(self, noise: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Fill the slots."""
        embedding = torch.matmul(c.unsqueeze(1) * self.groups, self.table)
        own = noise.view(-1, self.owners, self.noise)
        return embedding, own, _ones(own)


class FreeSlots(nn.Module):
    """Nothing is asked for: each slot has an embedding of its own, and is always filled."""

    def __init__(self, slots: int, noise: int, features: int) -> None:
        super().__init__()
        self.noise = noise
        self.owners = slots
        self.table = nn.Parameter(torch.randn(1, slots, features))

    def forward(self, noise: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Fill the slots; ``c`` [B, 0] says nothing."""
        own = noise.view(-1, self.owners, self.noise)
        return self.table.expand(c.shape[0], -1, -1), own, _ones(own)


def _ones(own: Tensor) -> Tensor:
    """Say of every slot that it is filled: [B, S, 1]."""
    # Tracing would freeze the type of ones made by themselves, and a cast module has another.
    return torch.ones_like(own[:, :, :1]).type_as(own)


def filling_of(
    condition: Condition, config: SlotsConfig, features: int
) -> LabelSlots | GroupSlots | FreeSlots:
    """Make what fills the slots for a kind of condition."""
    slots, noise = slots_of(condition, config), config.slot_noise
    if condition.kind == "labels":
        return LabelSlots(condition.size, slots, noise, features)
    if condition.kind == "none":
        return FreeSlots(slots, noise, features)
    return GroupSlots(condition, noise, features)
