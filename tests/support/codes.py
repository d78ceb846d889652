"""A generator that writes its inputs into its pixels, so that tests can read them back."""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart

SIDE = 8
NOISE = LatentPart("noise", "uniform", 3)
LATENT = Latent(
    (NOISE, LatentPart("digit", "categorical", 4), LatentPart("style", "continuous", 2))
)
SHAPES = Condition("labels", (Group("object", ("red cube", "blue sphere", "gray cube")),))
FACES = Condition(
    "attributes", (Group("hair", ("pink", "blue")), Group("eyes", ("blue", "red", "gray")))
)


class Written(nn.Module):
    """Pixel i is number i of z; from the back, they are those of c."""

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        pixels = torch.zeros(len(z), SIDE * SIDE)
        pixels[:, : z.shape[1]] = z
        if c is not None:
            pixels[:, SIDE * SIDE - c.shape[1] :] = c
        return pixels.reshape(-1, 1, SIDE, SIDE)


def written(condition: Condition = UNCONDITIONAL, latent: Latent = LATENT) -> FrozenGenerator:
    """Freeze such a generator; in training, only the last value of each group occurred."""
    row = np.zeros((1, condition.size), np.uint8)
    row[:, [place.stop - 1 for place in condition.slices.values()]] = 1
    distribution = ConditionDistribution(row, np.array([7]))
    metadata = {
        "distribution": distribution.to_json(),
        "origin": {"run": "00000-written", "images_seen": 1000},
    }
    return FrozenGenerator(Written().eval(), Interface(SIDE, 1, condition), latent, metadata)


def several() -> FrozenGenerator:
    """Freeze one that was trained on shapes in several combinations, some of them rare."""
    rows = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 1, 1]], np.uint8)
    distribution = ConditionDistribution(rows, np.array([20, 20, 9, 9]))
    return replace(written(SHAPES), metadata={"distribution": distribution.to_json()})


def z_of(images: Tensor, latent: Latent = LATENT) -> Tensor:
    """Read z back: [..., Z]."""
    return images.flatten(-3)[..., : latent.size]


def c_of(images: Tensor, condition: Condition) -> Tensor:
    """Read c back: [..., K]."""
    return images.flatten(-3)[..., SIDE * SIDE - condition.size :]
