"""Drawing images from a frozen generator: image i of a seed depends on seed and i alone.

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
from ganx.contracts.summary import ConditionSummary
from ganx.device import matmul_policy
from ganx.errors import DataError
from ganx.sampling.drawing import draw_conditions, draw_latents

_BATCH = 64


def sample_images(frozen: FrozenGenerator, texts: Sequence[str], count: int, seed: int) -> Tensor:
    """Draw ``count`` images for each text, or ``count`` in all as conditions occurred in training.

    The first images of a seed are the same however many are drawn; another number of them in a
    batch may round a value of 0 to 255 to its neighbour. The same noise is used for every text, so
    that their rows differ by the condition alone. Raises ``DataError`` for a text outside the
    vocabulary, or without texts when the generator does not know what it was trained on, and
    ``ConfigError`` for a seed that is negative, or 2**64 and more.
    """
    if not all(text.strip() for text in texts):
        raise DataError("A text of labels is empty. Name what to show, or give no labels at all.")
    z = draw_latents(frozen.latent, seed, range(count))
    if texts:
        asked = np.array([frozen.interface.condition.encode(text) for text in texts], np.float32)
        conditions = asked.repeat(count, axis=0)
        z = np.tile(z, (len(texts), 1))
    else:
        conditions = conditions_of(frozen, seed, range(count))
    return generate_all(frozen, z, conditions)


def conditions_of(frozen: FrozenGenerator, seed: int, images: range) -> NDArray[np.float32]:
    """Draw conditions of these images of a seed as they occurred in training: [N, K].

    Raises ``DataError`` when the generator does not know what conditions it was trained on.
    """
    condition = frozen.interface.condition
    if condition.kind == "none":
        return np.zeros((len(images), 0), np.float32)
    if "distribution" not in frozen.metadata:
        raise DataError(
            "This generator does not say how often each label occurred in its training, so none "
            "can be drawn. Say by labels what to show."
        )
    distribution = ConditionDistribution.from_json(frozen.metadata["distribution"])
    return draw_conditions(ConditionSummary.of(distribution), condition, seed, images)


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
