"""Philox4x32-10: random words as a function of a key and a counter, so that any can be had alone.

Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011. numpy's
Philox has words of 64 bits, which not every language multiplies.

Shapes: words are numbers of 32 bits, held in 64, so that products of two are exact.
"""

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

_ROUNDS = 10
_HALF = np.uint64(32)
_MASK = np.uint64(0xFFFFFFFF)
_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)


def philox(counters: Words, key: tuple[int, int]) -> Words:
    """Turn counters [..., 4] into as many random words [..., 4]."""
    first, second, third, fourth = np.moveaxis(counters, -1, 0)
    low, high = np.uint64(key[0]), np.uint64(key[1])
    for _ in range(_ROUNDS):
        left, right = first * _MULTIPLIERS[0], third * _MULTIPLIERS[1]
        first, second = (right >> _HALF) ^ second ^ low, right & _MASK
        third, fourth = (left >> _HALF) ^ fourth ^ high, left & _MASK
        low, high = (low + _WEYL[0]) & _MASK, (high + _WEYL[1]) & _MASK
    return np.stack([first, second, third, fourth], axis=-1)


def halves(number: int) -> tuple[int, int]:
    """Split a number of 64 bits into its lower and its upper word."""
    return number & int(_MASK), number >> int(_HALF)
