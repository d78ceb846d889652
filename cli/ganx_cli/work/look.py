"""What a data set holds, as JSON.

Shapes: N images; K is the size of the condition.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganx.config import validated
from ganx.contracts.dataset import Dataset, ImageSource
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.specs import DatasetSpec
from ganx.errors import ConfigError, DataError
from ganx.settings.merging import parse_assignments


def open_named(
    registry: Mapping[str, DatasetSpec], name: str, data: Path | None, assignments: Sequence[str]
) -> Dataset:
    """Open a data set with settings such as ``dataset.resolution=32``.

    Raises ``ConfigError`` for settings of anything else, and what opening raises.
    """
    spec = registry[name]
    settings = parse_assignments(assignments)
    table = settings.pop("dataset", {})
    if settings or not isinstance(table, dict):
        key = next(iter(settings), "dataset")
        raise ConfigError(
            f"{key!r} is not a setting of the data set. Write --set dataset.KEY=VALUE; "
            f"`ganx plugins show {name}` lists the keys."
        )
    if data is not None:
        table["folder"] = str(data.absolute())
    dataset = spec.open(validated(spec.config, table, "dataset"))
    if not len(dataset.images):
        raise DataError(f"The data set {name!r} has no images.")
    return dataset


def places(dataset: Dataset, data: Path | None) -> list[Path]:
    """List where the images lie, as far as that is known."""
    folder = dataset.provenance.get("folder")
    return [Path(one) for one in (data, folder) if isinstance(one, str | Path)]


def describe(dataset: Dataset) -> dict[str, Any]:
    """Describe all but the pixels."""
    interface = dataset.interface
    splits = {name: range(len(dataset.images))[one] for name, one in dataset.splits.items()}
    return {
        "images": len(dataset.images),
        "resolution": interface.resolution,
        "channels": interface.channels,
        "augmentation": dataset.augmentation,
        "notice": dataset.notice,
        "read_from": dataset.read_from,
        "passed_over": [asdict(one) for one in dataset.passed_over],
        "survey": _survey(dataset.images),
        "provenance": dict(dataset.provenance),
        "splits": {name: [one.start, one.stop] for name, one in splits.items()},
        "prompts": {name: list(texts) for name, texts in dataset.prompts.items()},
        "kind": interface.condition.kind,
        "groups": _groups(dataset),
        "different": len(ConditionDistribution.of(dataset.conditions).rows),
        "unlabelled": int((~dataset.conditions.any(axis=1)).sum()),
    }


def _survey(source: ImageSource) -> list[str]:
    """Return what a source that looked at its files says of their sizes and the like."""
    survey = getattr(source, "survey", None)
    return list(survey()) if callable(survey) else []


def _groups(dataset: Dataset) -> list[dict[str, Any]]:
    """Count the images that show each value, in all and in each split."""
    totals = _counts(dataset.conditions)
    splits = {name: _counts(dataset.conditions[one]) for name, one in dataset.splits.items()}
    return [
        {
            "name": group.name,
            "values": [
                {
                    "value": value,
                    "images": totals[start + at],
                    "splits": {name: counts[start + at] for name, counts in splits.items()},
                }
                for at, value in enumerate(group.values)
            ],
        }
        for group in dataset.interface.condition.groups
        for start in [dataset.interface.condition.slices[group.name].start]
    ]


def _counts(conditions: NDArray[np.uint8]) -> list[int]:
    """Count the images that show each of K values."""
    return [int(count) for count in conditions.sum(axis=0, dtype=np.int64)]
