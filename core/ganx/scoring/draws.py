"""Images of a generator as a judge sees them, for one seed of the noise after the other.

Shapes: N images for one seed; z [N, Z]; conditions and answers [N, K].
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.judge import Answers, Judge
from ganx.sampling.samples import image_batches

Conditions = NDArray[np.float32]
Ask = Callable[[np.random.Generator], Conditions]
"""Draws what is asked for, [N, K]; [N, 0] of a generator without conditions."""


@dataclass(frozen=True)
class Draw:
    """The images of one seed of the noise, as the judge sees them."""

    z: NDArray[np.float32]
    asked: Conditions
    answers: Answers


def as_trained(frozen: FrozenGenerator, images: int) -> Ask:
    """Ask for so many conditions, as often as they occurred in training."""
    distribution = ConditionDistribution.from_json(frozen.metadata["distribution"])
    return lambda rng: distribution.draw(images, rng)


def draws_of(
    frozen: FrozenGenerator, judge: Judge, ask: Ask, seeds: Sequence[int]
) -> Iterator[Draw]:
    """Draw and judge the images of each seed; no more than a batch of them is kept."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        asked = ask(rng)
        z = frozen.latent.draw(len(asked), rng)
        answers = [judge.probabilities(images) for images in image_batches(frozen, z, asked)]
        yield Draw(z, asked, np.concatenate(answers))
