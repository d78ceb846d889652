"""Random numbers by place: face i of a seed has its own, whichever faces are drawn beside it."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")


def numbers(seed: int, stream: int, start: int, stop: int, each: int) -> NDArray[np.float64]:
    """Draw numbers [stop - start, each] in [0, 1) for the faces start to stop - 1 of a seed.

    The generator jumps to where face ``start`` begins: PCG64 gives one word for each number.
    """
    bits = np.random.PCG64([seed, stream])
    bits.advance(start * each)
    return np.random.Generator(bits).random((stop - start, each))


class Chance:
    """One face's numbers, taken one after the other."""

    def __init__(self, row: NDArray[np.float64]) -> None:
        self._left = iter(row.tolist())

    def between(self, low: float, high: float) -> float:
        """Take a number between two bounds."""
        return float(low + (high - low) * next(self._left))

    def around(self, spread: float) -> float:
        """Take a number at most ``spread`` away from 0."""
        return self.between(-spread, spread)

    def pick(self, choices: Sequence[T]) -> T:
        """Take one of several, each as likely as the others."""
        return choices[int(next(self._left) * len(choices))]

    def happens(self, share: float) -> bool:
        """Decide for something that is true of a share of all faces."""
        return bool(next(self._left) < share)
