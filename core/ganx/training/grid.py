"""The sample grids of a run.

Shapes: images [N, C, H, W] in [-1, 1].
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ganx.contracts.dataset import Dataset
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.networks import generate
from ganx.data.images import upload
from ganx.device import matmul_policy
from ganx.pictures.grid import grid_picture, save_picture
from ganx.randomness import keyed_rng
from ganx.training.setup import Setup

GRID_SIZE = 64


def grid_conditions(
    dataset: Dataset, distribution: ConditionDistribution, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Choose what a run's grids show: [64, K].

    The data set's prompts come first, in order; training conditions fill the rest.
    """
    condition = dataset.interface.condition
    prompts: Iterator[str] = chain.from_iterable(dataset.prompts.values())
    asked = [condition.encode(prompt) for prompt in prompts][:GRID_SIZE]
    filling = distribution.draw(GRID_SIZE, rng)[len(asked) :]
    given = np.array(asked, np.float32).reshape(len(asked), condition.size)
    return np.concatenate([given, filling])


class SampleGrid:
    """Draws a run's grids, always of the same noise and conditions, which its seed decides."""

    def __init__(self, setup: Setup, device: torch.device) -> None:
        rng = keyed_rng(setup.config.train.seed, 0, "grid")
        conditions = grid_conditions(setup.dataset, setup.distribution, rng)
        noise = setup.networks.latent.draw(GRID_SIZE, rng)
        self._inputs = [upload(one, device) for one in (noise, conditions)]

    @torch.no_grad()
    def draw(self, generator: nn.Module, path: Path) -> Path:
        """Write the grid of a generator in eval mode. Raises ``RunError``."""
        with matmul_policy():
            images = generate(generator, *self._inputs)
        save_picture(grid_picture(images), path)
        return path
