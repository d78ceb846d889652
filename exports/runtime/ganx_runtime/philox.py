"""Random words that depend on a key and a counter alone (Philox4x32-10; Salmon et al., SC 2011)."""

import numpy as np
from numpy.typing import NDArray

ROUNDS = 10
_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL = 0x9E3779B9, 0xBB67AE85
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_LANES = 4


def words(seed: int, images: NDArray[np.uint64], purpose: int, count: int) -> NDArray[np.uint64]:
    """Return the first ``count`` words [B, count] of each image number [B], each below 2^32.

    Word k of an image is lane k mod 4 of the block with the counter (k div 4, the image's lower and
    upper half, purpose) under the key of the seed's halves.
    """
    blocks = np.arange(-(-count // _LANES), dtype=np.uint64)
    numbers = images[:, np.newaxis]
    counter = np.broadcast_arrays(blocks, numbers & _LOW, numbers >> _HALF, np.uint64(purpose))
    lanes = np.stack(_rounds(list(counter), seed), axis=-1)
    return lanes.reshape(len(images), -1)[:, :count]


def _rounds(counter: list[NDArray[np.uint64]], seed: int) -> list[NDArray[np.uint64]]:
    """Mix four words of 32 bits, held in 64."""
    a, b, c, d = counter
    low, high = seed & 0xFFFFFFFF, seed >> 32
    for _ in range(ROUNDS):
        left, right = a * _MULTIPLIERS[0], c * _MULTIPLIERS[1]
        a, b, c, d = (
            (right >> _HALF) ^ b ^ np.uint64(low),
            right & _LOW,
            (left >> _HALF) ^ d ^ np.uint64(high),
            left & _LOW,
        )
        low, high = (low + _WEYL[0]) & 0xFFFFFFFF, (high + _WEYL[1]) & 0xFFFFFFFF
    return [a, b, c, d]
