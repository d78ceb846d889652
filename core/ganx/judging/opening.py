"""Opening a run's data set for its judge: with labels, and other images than the run's."""

from collections.abc import Mapping
from typing import Any

from ganx.config import validated
from ganx.dataset import Dataset
from ganx.specs import DatasetSpec

SEED_STEP = 1000
"""How far the judge's seed of rendered images lies from that of the run."""


def open_for_judge(
    datasets: Mapping[str, DatasetSpec], chosen: Mapping[str, Any], given: Mapping[str, Any]
) -> Dataset:
    """Open the data set that a run's configuration names, to train its judge on.

    ``chosen`` is the run's table ``dataset``; ``given`` is laid over it. A run that trained without
    labels has a judge with them. Rendered images are drawn from another seed, unless one is given,
    so that the judge has seen none of the run's. Raises ``ConfigError`` and ``DataError`` as
    opening the data set does.
    """
    settings = {key: value for key, value in chosen.items() if key != "name"}
    spec = datasets[chosen["name"]]
    if "labels" in spec.config.model_fields:
        settings["labels"] = True
    dataset = _open(spec, {**settings, **given})
    elsewhere = dataset.images.action == "render" and "seed" in spec.config.model_fields
    if not elsewhere or "seed" in given:
        return dataset
    return _open(spec, {**settings, "seed": settings.get("seed", 0) + SEED_STEP, **given})


def _open(spec: DatasetSpec, settings: dict[str, Any]) -> Dataset:
    """Validate the settings and open."""
    dataset: Dataset = spec.open(validated(spec.config, settings, "dataset"))
    return dataset
