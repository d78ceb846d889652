"""Which images of a data set a judge learns from, and which it is examined on."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganx.dataset import Dataset
from ganx.errors import DataError
from ganx.training.randomness import keyed_rng

EXAMINING_SPLITS = ("test", "validation")
"""Splits that a judge is examined on, the first that there is."""

HELD_OUT_SHARE = 0.1
"""How much is held out of a data set that has no such split."""


class Parts(NamedTuple):
    """Indices of images, in rising order and without overlap."""

    training: NDArray[np.int64]
    held_out: NDArray[np.int64]


def judge_parts(dataset: Dataset) -> Parts:
    """Divide the images for training and examining a judge.

    A split named test or validation is held out. Without one, or where nothing would be left to
    learn from, a tenth is: chosen at random, since images often come sorted by class, and the same
    for every judge, so that judges can be compared. Raises ``DataError`` for fewer than two images.
    """
    everything = np.arange(len(dataset.images))
    for name in EXAMINING_SPLITS:
        if name in dataset.splits:
            held_out = everything[dataset.splits[name]]
            pool = everything[dataset.splits.get("train", slice(None))]
            training = np.setdiff1d(pool, held_out)
            if len(training) and len(held_out):
                return Parts(training, held_out)
    return _divided_at_random(everything)


def _divided_at_random(everything: NDArray[np.int64]) -> Parts:
    """Hold out a random tenth, at least one image."""
    count = len(everything)
    if count <= 1:
        raise DataError(
            f"A judge needs two images or more to learn and to be examined, not {count}."
        )
    order = keyed_rng(0, count, "judge's held-out part").permutation(everything)
    held_out = max(1, round(HELD_OUT_SHARE * count))
    return Parts(np.sort(order[held_out:]), np.sort(order[:held_out]))
