"""Sample grids as pictures.

Shapes: images [N, C, H, W] in [-1, 1].
"""

from collections.abc import Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.dataset import Dataset
from ganx.contracts.distribution import ConditionDistribution

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
