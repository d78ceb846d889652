"""What a score would be if the images had nothing to do with what was asked for.

Conditions are shuffled among the images: as often asked for as before, but of other images.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganx.training.randomness import keyed_rng

SHUFFLES = 100


class Baseline(NamedTuple):
    """The scores of shuffled conditions."""

    mean: float
    sd: float
    """Of one shuffle, over shuffles: how far chance alone takes a score."""


def shuffled(
    score: Callable[[NDArray[np.int64]], float], count: int, seed: int, shuffles: int = SHUFFLES
) -> Baseline:
    """Take a score under random orders of ``count`` conditions.

    ``score`` is given the order [count]: image i is held against condition ``order[i]``. Raises
    ``ValueError`` for fewer than two shuffles.
    """
    if shuffles <= 1:
        raise ValueError(f"A standard deviation takes two shuffles or more, not {shuffles}.")
    rng = keyed_rng(seed, count, "shuffled conditions")
    scores = [score(rng.permutation(count)) for _ in range(shuffles)]
    # The mean of equal numbers can be off by a rounding, which would be a spread and not 0.
    spread = np.std(scores, ddof=1) if np.ptp(scores) else 0.0
    return Baseline(float(np.mean(scores)), float(spread))


class Finding(NamedTuple):
    """A score over several draws of noise, beside that of shuffled conditions."""

    mean: float
    sd: float
    """Over the draws; 0 for a single one."""

    shuffled: Baseline
    """The mean over the draws, and the sd of a single draw."""

    @property
    def z(self) -> float:
        """How many standard deviations of a shuffled draw the score lies above chance.

        Not a number where shuffling changes nothing, as with a single condition.
        """
        return (self.mean - self.shuffled.mean) / self.shuffled.sd if self.shuffled.sd else math.nan


def summarised(scores: Sequence[float], baselines: Sequence[Baseline]) -> Finding:
    """Gather one score and one baseline of each draw of noise."""
    spread = float(np.std(scores, ddof=1)) if len(scores) > 1 else 0.0
    variance = np.mean([baseline.sd**2 for baseline in baselines])
    chance = Baseline(float(np.mean([one.mean for one in baselines])), float(np.sqrt(variance)))
    return Finding(float(np.mean(scores)), spread, chance)
