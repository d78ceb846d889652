"""Opening a run's data set for its judge: with labels, and other images than the run's."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganx.config import validated
from ganx.dataset import Dataset
from ganx.judging.parts import judge_parts
from ganx.specs import DatasetSpec

SEED_STEP = 1000
"""How far the judge's seed of rendered images lies from that of the run; twice as far lies that of
images that judges are compared on."""


def open_for_judge(
    datasets: Mapping[str, DatasetSpec], chosen: Mapping[str, Any], given: Mapping[str, Any]
) -> Dataset:
    """Open the data set that a run's configuration names, to train its judge on.

    ``chosen`` is the run's table ``dataset``; ``given`` is laid over it. A run that trained without
    labels has a judge with them. Rendered images are drawn from another seed, unless one is given,
    so that the judge has seen none of the run's. Raises ``ConfigError`` and ``DataError`` as
    opening the data set does.
    """
    spec = datasets[chosen["name"]]
    settings = _labelled(spec, {key: value for key, value in chosen.items() if key != "name"})
    dataset = _open(spec, {**settings, **given})
    if not _is_drawn_by_seed(spec, dataset) or "seed" in given:
        return dataset
    return _open(spec, {**settings, "seed": settings.get("seed", 0) + SEED_STEP, **given})


def open_unseen(
    spec: DatasetSpec, given: Mapping[str, Any], count: int
) -> tuple[Dataset, NDArray[np.int64]]:
    """Open a data set for comparing judges; return it and the indices of up to ``count`` images.

    Where images are rendered, they are drawn from a seed of which neither runs nor judges have seen
    any, unless one is given. Of others it is the part that every judge holds out, or ``count``
    images from all over it. Raises as ``open_for_judge``.
    """
    settings = _labelled(spec, {})
    dataset = _open(spec, {**settings, **given})
    if _is_drawn_by_seed(spec, dataset):
        fewer = {"size": count} if "size" in spec.config.model_fields else {}
        dataset = _open(spec, {**settings, **fewer, "seed": 2 * SEED_STEP, **given})
        indices = np.arange(len(dataset.images))
    else:
        indices = judge_parts(dataset).held_out
    spread = np.linspace(0, len(indices) - 1, min(count, len(indices)))
    return dataset, indices[spread.astype(np.int64)]


def _labelled(spec: DatasetSpec, settings: dict[str, Any]) -> dict[str, Any]:
    """Ask for labels where that is a setting."""
    return settings | ({"labels": True} if "labels" in spec.config.model_fields else {})


def _is_drawn_by_seed(spec: DatasetSpec, dataset: Dataset) -> bool:
    """Tell whether there are other images for the asking."""
    return dataset.images.action == "render" and "seed" in spec.config.model_fields


def _open(spec: DatasetSpec, settings: dict[str, Any]) -> Dataset:
    dataset: Dataset = spec.open(validated(spec.config, settings, "dataset"))
    return dataset
