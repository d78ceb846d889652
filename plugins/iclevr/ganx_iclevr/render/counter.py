"""Random numbers by counting: each is a hash of where it stands, so no generator has a state.

The hash is the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). A scene's numbers are
the same whichever scenes are drawn beside it, in whatever order and on whatever thread.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Words = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_STRIDE = 0xD1342543DE82EF95
_WORD = (1 << 64) - 1


def _scramble(words: Words) -> Words:
    """Map 64 bits onto 64 bits by SplitMix64's output function."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def uniforms(seed: int, scenes: Integers, stream: int, count: int) -> Floats:
    """Draw numbers [S, count] in [0, 1); each depends on seed, scene [S], stream and its place."""
    root = np.asarray([seed & _WORD], dtype=np.uint64)
    key = _scramble(root + _GOLDEN)
    key = _scramble(key ^ (scenes.astype(np.uint64) * _GOLDEN))
    key = _scramble(key + np.uint64((stream + 1) * _STRIDE & _WORD))
    steps = np.arange(1, count + 1, dtype=np.uint64) * _GOLDEN
    words = _scramble(key[:, None] + steps[None, :])
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53
