"""Drawing images from a frozen generator.

Shapes: z [N, Z]; c [N, K]; images [N, C, H, W] in [-1, 1].
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.networks import generate
from ganx.device import matmul_policy
from ganx.errors import DataError

_BATCH = 64


def sample_images(frozen: FrozenGenerator, texts: Sequence[str], count: int, seed: int) -> Tensor:
    """Draw ``count`` images for each text, or ``count`` in all as conditions occurred in training.

    The same noise is used for every text, so that their rows differ by the condition alone.
    Raises ``DataError`` for a text outside the vocabulary.
    """
    if not all(text.strip() for text in texts):
        raise DataError("A text of labels is empty. Name what to show, or give no labels at all.")
    rng = np.random.default_rng(seed)
    z = frozen.latent.draw(count, rng)
    if texts:
        asked = np.array([frozen.interface.condition.encode(text) for text in texts], np.float32)
        conditions = asked.repeat(count, axis=0)
        z = np.tile(z, (len(texts), 1))
    else:
        distribution = ConditionDistribution.from_json(frozen.metadata["distribution"])
        conditions = distribution.draw(count, rng)
    return generate_all(frozen, z, conditions)


def generate_all(
    frozen: FrozenGenerator, z: NDArray[np.float32], conditions: NDArray[np.float32]
) -> Tensor:
    """Generate an image of each row of z and c: [N, C, H, W] on the CPU."""
    return torch.cat([images.cpu() for images in image_batches(frozen, z, conditions)])


def image_batches(
    frozen: FrozenGenerator, z: NDArray[np.float32], conditions: NDArray[np.float32]
) -> Iterator[Tensor]:
    """Generate the same, as many at a time as memory can hold, where the generator is."""
    columns = (torch.split(torch.from_numpy(array), _BATCH) for array in (z, conditions))
    for noise, c in zip(*columns, strict=True):
        # Not across the yield, which would switch them on outside.
        with torch.inference_mode(), matmul_policy():
            images = generate(frozen.module, noise.to(frozen.device), c.to(frozen.device))
        yield images
