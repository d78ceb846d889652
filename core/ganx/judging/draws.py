"""Images of a generator as a judge sees them, for one seed of the noise after the other.

Shapes: N images for one seed; z [N, Z]; conditions and answers [N, K].
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ganx.distribution import ConditionDistribution
from ganx.frozen import FrozenGenerator
from ganx.judging.judge import Answers, Judge
from ganx.losses.term import generate

_BATCH = 64

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
    device = next(frozen.module.parameters()).device
    for seed in seeds:
        rng = np.random.default_rng(seed)
        asked = ask(rng)
        z = frozen.latent.draw(len(asked), rng)
        columns = (torch.split(torch.from_numpy(array), _BATCH) for array in (z, asked))
        with torch.inference_mode():
            answers = [
                judge.probabilities(generate(frozen.module, noise.to(device), c.to(device)))
                for noise, c in zip(*columns, strict=True)
            ]
        yield Draw(z, asked, np.concatenate(answers))
