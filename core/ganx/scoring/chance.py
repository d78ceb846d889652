"""What a score would be if the images had nothing to do with what was asked for.

Conditions are shuffled among the images: as often asked for as before, but of other images.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.results import Baseline, Figure
from ganx.randomness import keyed_rng

SHUFFLES = 100


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


def summarised(
    name: str, scores: Sequence[float], baselines: Sequence[Baseline], qualifier: str = ""
) -> Figure:
    """Gather one score and one baseline of each draw of noise.

    The baseline's mean is over the draws, its sd that of a single draw.
    """
    spread = float(np.std(scores, ddof=1)) if len(scores) > 1 else 0.0
    variance = np.mean([baseline.sd**2 for baseline in baselines])
    chance = Baseline(float(np.mean([one.mean for one in baselines])), float(np.sqrt(variance)))
    mean = float(np.mean(scores))
    return Figure(name, mean, spread, len(scores), chance, qualifier=qualifier)
