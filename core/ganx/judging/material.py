"""Which images of a data set a judge learns from, and which it is examined on."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.dataset import Dataset
from ganx.contracts.specs import DatasetSpec, Wish
from ganx.data.opening import opener_of
from ganx.errors import DataError
from ganx.randomness import keyed_rng

Indices = NDArray[np.int64]

EXAMINING_SPLITS = ("test", "validation")
"""Splits that a judge is examined on, the first that there is."""

HELD_OUT_SHARE = 0.1
"""How much is held out of a data set that has no such split."""

CALIBRATION_SHARE = 0.05
"""How much of the rest sets the threshold of a judge of labels."""

LONGEST_RUN = 30
"""Images on end that are held out together, at most."""

MIN_CALIBRATED = 20
"""With fewer images than this to set it by, the threshold is left as it is."""


class Parts(NamedTuple):
    """Indices of images, in rising order and without overlap."""

    training: Indices
    held_out: Indices
    calibration: Indices
    """Empty where no threshold is needed."""


def judge_parts(dataset: Dataset) -> Parts:
    """Divide the images for training, calibrating and examining a judge.

    A split named test or validation is held out. Without one, or where nothing would be left to
    learn from, a tenth is: the same for every judge, so that judges can be compared, and taken from
    everywhere, since images often come sorted by class. It is taken in short runs, since neighbours
    often show the same scene, and a judge that learned from one would know the others. Of the rest,
    a twentieth sets the threshold where an image bears any number of labels. Raises ``DataError``
    for fewer than two images.
    """
    training, held_out = _examined_apart(dataset)
    none = training[:0]
    if dataset.interface.condition.kind != "labels":
        return Parts(training, held_out, none)
    rest, calibration = _divided(training, CALIBRATION_SHARE, "judge's calibration part")
    if len(calibration) < MIN_CALIBRATED:
        return Parts(training, held_out, none)
    return Parts(rest, held_out, calibration)


def _examined_apart(dataset: Dataset) -> tuple[Indices, Indices]:
    """Divide what is learned from, and calibrated on, from what is examined."""
    everything = np.arange(len(dataset.images))
    for name in EXAMINING_SPLITS:
        if name in dataset.splits:
            held_out = everything[dataset.splits[name]]
            pool = everything[dataset.splits.get("train", slice(None))]
            training = np.setdiff1d(pool, held_out)
            if len(training) and len(held_out):
                return training, held_out
    if len(everything) <= 1:
        raise DataError(
            f"A judge needs two images or more to learn and to be examined, not {len(everything)}."
        )
    return _divided(everything, HELD_OUT_SHARE, "judge's held-out part")


def _divided(indices: Indices, share: float, key: str) -> tuple[Indices, Indices]:
    """Take a share of the images, at least one, in random runs; return the rest and the share."""
    count = len(indices)
    runs = np.arange(count) // run_length(count)
    place = keyed_rng(0, count, key).permutation(runs[-1] + 1)[runs]
    order = indices[np.argsort(place, kind="stable")]
    taken = max(1, round(share * count))
    return np.sort(order[taken:]), np.sort(order[:taken])


def run_length(count: int) -> int:
    """Return how many images on end go to the same part: few enough for dozens of runs."""
    return max(1, min(LONGEST_RUN, 3 * (count // 180)))


def open_for_judge(
    datasets: Mapping[str, DatasetSpec], chosen: Mapping[str, Any], given: Mapping[str, Any]
) -> Dataset:
    """Open the data set that a run's configuration names, to train its judge on.

    ``chosen`` is the run's table ``dataset``; ``given`` is laid over it. A run that trained without
    labels has a judge with them. Where the data set has images that the run does not see, the
    judge learns from those. Raises ``ConfigError`` and ``DataError`` as opening the data set does.
    """
    opener = opener_of(datasets[chosen["name"]], chosen, given)
    return (opener.unseen("judge") or opener).open()


def open_for_comparison(
    spec: DatasetSpec, given: Mapping[str, Any], count: int, resolution: int
) -> tuple[Dataset, NDArray[np.int64]]:
    """Open a data set for comparing judges; return it and the indices of up to ``count`` images.

    The images have the resolution, if the data set can and ``given`` does not name another. They
    are such that neither runs nor judges have seen any, where the data set has them; else they
    are of the part that every judge holds out, from all over it. Raises as ``open_for_judge``.
    """
    opener = opener_of(spec, {}, given).suited(Wish(resolution=resolution))
    unseen = opener.unseen("comparison")
    if unseen:
        dataset = unseen.suited(Wish(images=count)).open()
        indices = np.arange(len(dataset.images))
    else:
        dataset = opener.open()
        indices = judge_parts(dataset).held_out
    spread = np.linspace(0, len(indices) - 1, min(count, len(indices)))
    return dataset, indices[spread.astype(np.int64)]
