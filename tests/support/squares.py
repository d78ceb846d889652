"""A painter of squares whose distance from the real thing is known, and the real thing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tiny import TinyDatasetConfig, open_tiny
from torch import Tensor, nn

from ganx.builtin.evaluators.against_real import distribution
from ganx.builtin.evaluators.settings import DistributionConfig
from ganx.contracts.dataset import without_labels
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.judge import Judge
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.results import Figure
from ganx.contracts.subject import Reference, Subject
from ganx.data.store import prepare
from ganx.judging.settings import JudgeConfig
from ganx.judging.training import train_judge

SIDE = 8
PIXELS = 3 * SIDE * SIDE
SQUARES = open_tiny(TinyDatasetConfig(size=200))
LATENT = Latent(
    (
        LatentPart("brightness", "uniform", 1),
        LatentPart("texture", "normal", PIXELS),
        LatentPart("grain", "normal", PIXELS),
    )
)
COUNT = 300
NO_LABELS = np.zeros((9, 0), np.float32)
CONFIG = DistributionConfig(images=COUNT, subsets=20)
MOSTLY_RED = np.eye(3, dtype=np.float32)[np.arange(COUNT) % 7 % 3]

Distort = Callable[[Tensor, Tensor], Tensor]


def faithful(images: Tensor, grain: Tensor) -> Tensor:
    """Change nothing."""
    del grain
    return images


class Painter(nn.Module):
    """Paints squares of the colour asked for, brighter or darker, and then distorts them."""

    def __init__(self, distort: Distort = faithful) -> None:
        super().__init__()
        self.distort = distort
        self.heard: list[Tensor] = []

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """Paint [B, 3, SIDE, SIDE]."""
        self.heard.append(torch.zeros(len(z), 0) if c is None else c)
        shown = torch.eye(3).expand(len(z), 3, 3)[:, 0] if c is None else c
        texture, grain = (part.reshape(-1, 3, SIDE, SIDE) for part in z[:, 1:].chunk(2, dim=1))
        colour = shown * (0.7 + 0.3 * z[:, :1])
        images = 2 * colour[:, :, None, None].expand(-1, -1, SIDE, SIDE) - 1 + 0.05 * texture
        return self.distort(images.clamp(-1, 1), grain)


def frozen(distort: Distort = faithful, *, conditional: bool = True) -> FrozenGenerator:
    """Freeze a painter, of squares with labels or without."""
    dataset = SQUARES if conditional else without_labels(SQUARES)
    return FrozenGenerator(Painter(distort).eval(), dataset.interface, LATENT, {})


def reference(
    conditions: NDArray[np.float32] = MOSTLY_RED, seed: int = 99, count: int = COUNT
) -> Reference:
    """Paint the real images too, from other noise."""
    z = torch.from_numpy(LATENT.draw(len(conditions), np.random.default_rng(seed)))
    images = Painter()(z, torch.from_numpy(conditions))
    return Reference("painted squares", count, lambda n: (images[:n], conditions[:n]))


def trained_judge(cache: Path) -> Judge:
    """Train a small judge of the squares."""
    store = prepare(SQUARES, "squares", cache)
    return train_judge(SQUARES, store, JudgeConfig(width=4, epochs=4, batch_size=16), "cpu")


def figures(subject: Subject, config: DistributionConfig = CONFIG) -> dict[str, Figure]:
    """Score a subject."""
    (result,) = distribution(subject, config)
    assert (result.evaluator, result.scope) == ("distribution", "images")
    return {figure.name: figure for figure in result.figures}
