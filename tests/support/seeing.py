"""Generators that paint what a function of their inputs says, and judges that read it back."""

from collections.abc import Callable, Mapping
from itertools import combinations, product
from typing import Any

import torch
from torch import Tensor, nn

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.contracts.judge import Judge
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.subject import Subject

SIDE = 6
COLOURS = ("red", "green", "blue", "gray")
SHAPES = ("cube", "sphere", "cone")
SOLIDS = Condition(
    "labels", (Group("object", tuple(f"{c} {s}" for s, c in product(SHAPES, COLOURS))),)
)
DIGITS = Condition("classes", (Group("digit", ("0", "1", "2", "3")),))
FACES = Condition(
    "attributes", (Group("hair", ("pink", "blue", "gray")), Group("eyes", ("blue", "red")))
)
NOISE = Latent((LatentPart("noise", "normal", SOLIDS.size),))

Shows = Callable[[Tensor, Tensor], Tensor]
"""From z [B, Z] and c [B, K] to what the image shows: [B, J] in [-1, 1], the judge's J entries."""


class Painter(nn.Module):
    """The first pixels are what the image shows."""

    def __init__(self, shows: Shows) -> None:
        super().__init__()
        self.shows = shows
        self.weight = nn.Parameter(torch.ones(()))

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        shown = self.shows(z, torch.zeros(len(z), 0) if c is None else c) * self.weight
        return nn.functional.pad(shown, (0, SIDE * SIDE - shown.shape[1])).view(-1, 1, SIDE, SIDE)


class Reader(nn.Module):
    """Sees in the image what was painted: 1 for sure, 0 for sure not, 0.5 not at all."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        self.steepness = nn.Parameter(torch.tensor(40.0))

    def features(self, images: Tensor) -> Tensor:
        return images.flatten(1)

    def forward(self, images: Tensor) -> Tensor:
        return (self.features(images)[:, : self.size] - 0.5) * self.steepness


def painter(shows: Shows, condition: Condition = SOLIDS, latent: Latent = NOISE) -> FrozenGenerator:
    """Freeze a generator; in training, no condition or each single entry occurred."""
    rows = torch.eye(condition.size, dtype=torch.uint8).numpy()
    distribution = ConditionDistribution.of(rows if condition.size else rows.reshape(1, 0))
    metadata = {"distribution": distribution.to_json(), "origin": {"images_seen": 0}}
    module = Painter(shows).eval().requires_grad_(requires_grad=False)
    return FrozenGenerator(module, Interface(SIDE, 1, condition), latent, metadata)


def coder(shows: Shows, latent: Latent) -> FrozenGenerator:
    """Freeze a generator that takes no labels."""
    return painter(shows, UNCONDITIONAL, latent)


def reader(condition: Condition = SOLIDS, record: Mapping[str, Any] | None = None) -> Judge:
    """Make a judge that sees exactly what was painted."""
    return Judge(Reader(condition.size).eval(), Interface(SIDE, 1, condition), record or {})


def solids(most: int = 3) -> tuple[str, ...]:
    """Ask for one to ``most`` objects, all of different colours and of all shapes in turn."""
    sets = [one for k in range(1, most + 1) for one in combinations(range(len(COLOURS)), k)]
    return tuple(
        ", ".join(f"{COLOURS[c]} {SHAPES[(c + turn) % len(SHAPES)]}" for c in chosen)
        for chosen in sets
        for turn in range(len(SHAPES))
    )


def faithful(z: Tensor, c: Tensor) -> Tensor:
    """Show what is asked for."""
    del z
    return c


def heedless(z: Tensor, c: Tensor) -> Tensor:
    """Show something that the noise decides."""
    return z[:, : c.shape[1]].clamp(-3, 3) / 3


def of_solids(shows: Shows, seeds: int = 3, **more: Any) -> Subject:
    """Put a generator of solids before its judge."""
    given = {"prompts": {"test": solids()}, "factors": ("colour", "shape"), "judge": reader()}
    return Subject(painter(shows), **{**given, "seeds": range(seeds), **more})
