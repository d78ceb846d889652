"""Randomness that depends on where training is, never on how it got there.

Each draw has its own generator, keyed by (seed, images seen, purpose); so a resumed run draws
what an uninterrupted one would, and a step is a function of its inputs.
"""

from zlib import crc32

import numpy as np


def keyed_rng(seed: int, images_seen: int, purpose: str) -> np.random.Generator:
    """Return the generator for one purpose at one point of training."""
    return np.random.default_rng([seed, images_seen, crc32(purpose.encode())])
