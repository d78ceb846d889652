"""From draws of noise to figures: each measure of each draw, beside that of shuffled conditions.

Shapes: answers and asked [N, K].
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ganx.judging.baseline import Finding, shuffled, summarised
from ganx.judging.draws import Draw
from ganx.judging.scores import Measure


def found(draws: Sequence[Draw], measure: Measure, seeds: Sequence[int]) -> Finding:
    """Take one measure, and its baseline, of the draw of each seed."""
    scores = [measure(draw.answers, draw.asked) for draw in draws]
    baselines = [
        shuffled(_Reordered(measure, draw), len(draw.asked), seed)
        for draw, seed in zip(draws, seeds, strict=True)
    ]
    return summarised(scores, baselines)


class _Reordered:
    """A measure of one draw with its conditions in another order."""

    def __init__(self, measure: Measure, draw: Draw) -> None:
        self._measure, self._draw = measure, draw

    def __call__(self, order: NDArray[np.int64]) -> float:
        """Hold image i against condition ``order[i]``."""
        return self._measure(self._draw.answers, self._draw.asked[order])
