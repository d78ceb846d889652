"""Opening a run's data set for its judge: with labels, and other images than the run's."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.dataset import Dataset
from ganx.contracts.specs import DatasetSpec, Wish
from ganx.data.opening import opener_of
from ganx.judging.parts import judge_parts


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
