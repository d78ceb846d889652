"""What a data set holds, as JSON, and a sheet of some of its images.

Shapes: N images; K is the size of the condition.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from ganx.config import validated
from ganx.contracts.dataset import Dataset, ImageSource
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.specs import DatasetSpec
from ganx.errors import ConfigError, DataError
from ganx.pictures.grid import save_picture
from ganx.pictures.sheets import labelled_sheet
from ganx.settings.merging import parse_assignments

IN_FOLDERS = "folder"
"""The data set of people's own images."""

NO_LABEL = "(no label)"
"""Below an image that has none of the labels."""


class Asked(NamedTuple):
    """What a person asks to see."""

    name: str
    """Of a data set."""
    data: Path | None
    """Where its files are, if that is said."""
    title: str
    """The name of the picture."""
    folder_of_that_name: bool = False
    """Whether a folder here has the name of the data set."""


def asked_for(registry: Mapping[str, DatasetSpec], name: str, data: Path | None) -> Asked:
    """Tell a data set from a folder or an archive of images; the data set goes first.

    Raises ``ConfigError`` for two folders.
    """
    path = Path(name).expanduser()
    if name in registry:
        return Asked(name, data, name, folder_of_that_name=path.is_dir() and data is None)
    if not (path.exists() or path.name != name):
        return Asked(name, data, name)
    if data is not None:
        raise ConfigError(f"{name} and --data {data} are two folders. Give one of them.")
    return Asked(IN_FOLDERS, path, path.resolve().stem or IN_FOLDERS)


def picture_beside(asked: Asked) -> Path:
    """Name the picture, which belongs into this folder.

    Raises ``ConfigError`` where it would lie among the images and be one of them from then on.
    """
    if asked.data is not None and Path.cwd().is_relative_to(asked.data.expanduser().resolve()):
        raise ConfigError(
            f"The picture {asked.title}.png would lie among the images in {asked.data}. Name "
            "another place with -o FILE."
        )
    return Path(f"{asked.title}.png")


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
    """Ask a source what its images are like, in sentences, if it can tell."""
    survey = getattr(source, "survey", None)
    return [str(sentence) for sentence in survey()] if survey else []


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


def write_sheet(dataset: Dataset, count: int, seed: int, path: Path) -> dict[str, Any]:
    """Write ``count`` images, drawn by the seed, with their labels below them.

    Returns the file, the seed and the images' indices. Raises ``DataError`` for images that cannot
    be read and ``RunError`` where the picture cannot be written.
    """
    total = len(dataset.images)
    chosen = np.random.default_rng(seed).permutation(total)[:count]
    indices = [int(index) for index in np.sort(chosen)]
    images = torch.cat([_read(dataset.images, index) for index in indices])
    texts = [_text(dataset, index) for index in indices]
    save_picture(labelled_sheet(images, texts), path)
    return {"file": str(path), "seed": seed, "images": indices}


def _read(source: ImageSource, index: int) -> torch.Tensor:
    """Read one image, uint8 [1, H, W, C]."""
    return source.read(index, index + 1, "cpu")


def _text(dataset: Dataset, index: int) -> str:
    """Say what an image shows; without conditions, which image it is."""
    condition = dataset.interface.condition
    if condition.kind == "none":
        return f"{index}"
    return condition.decode(dataset.conditions[index]) or NO_LABEL
