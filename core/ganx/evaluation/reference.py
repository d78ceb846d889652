"""Real images that generated ones are held against: a run's own data set, or scenes never seen.

Shapes: images [N, C, H, W] in [-1, 1]; conditions [N, K].
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ganx.config import validated
from ganx.data.store import prepare
from ganx.dataset import Dataset
from ganx.evaluation.subject import Reference
from ganx.specs import DatasetSpec
from ganx.training.randomness import keyed_rng

SEED_STEP = 2000
"""How far the seed of held-out rendered images lies from that of the run; a judge's is 1000."""

HELD_OUT_IMAGES = 10_000
"""How many rendered images can be held out at most."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Opener:
    """Opens a run's data set anew, with some settings changed."""

    spec: DatasetSpec
    settings: Mapping[str, Any]
    """The run's table ``dataset`` without its name."""

    def open(self, **changes: Any) -> Dataset:
        """Open it. Raises ``ConfigError`` and ``DataError`` as the data set does."""
        config = validated(self.spec.config, {**self.settings, **changes}, "dataset")
        dataset: Dataset = self.spec.open(config)
        return dataset

    def has(self, *names: str) -> bool:
        """Tell whether the data set has all of these settings."""
        return all(name in self.spec.config.model_fields for name in names)


def reference_of(
    opener: Opener,
    dataset: Dataset,
    trained_on: Mapping[str, Any],
    cache: Path,
    progress: Progress,
) -> Reference:
    """Choose what a run's images are held against; nothing is decoded before it is read.

    Rendered images are drawn from a seed that neither the run nor its judge has seen. Of a folder
    it is the split test or validation where there is one, else the images that were trained on;
    ``trained_on`` is what the run recorded of its data.
    """
    if dataset.images.action == "render" and opener.has("seed", "size"):
        return _rendered(opener, cache, progress)
    for split in ("test", "validation"):
        if split in dataset.splits:
            indices = np.arange(len(dataset.images))[dataset.splits[split]]
            return _stored(opener, dataset, f"split {split}", indices, cache, progress)
    indices = np.arange(len(dataset.images))[dataset.splits.get("train", slice(None))]
    same = dataset.images.fingerprint() == trained_on["fingerprint"]
    name = "training images" if same else "other images than were trained on"
    return _stored(opener, dataset, name, indices, cache, progress)


def _rendered(opener: Opener, cache: Path, progress: Progress) -> Reference:
    """Render as many images as are asked for, from another seed."""
    seed = opener.settings.get("seed", 0) + SEED_STEP

    def read(count: int) -> tuple[Tensor, NDArray[np.float32]]:
        other = opener.open(seed=seed, size=count)
        store = prepare(other, opener.spec.name, cache, "cpu", progress)
        everything = np.arange(count)
        return store.batch(everything, "cpu"), other.conditions.astype(np.float32)

    return Reference(f"held-out images, seed {seed}", HELD_OUT_IMAGES, read)


def _stored(
    opener: Opener,
    dataset: Dataset,
    name: str,
    indices: NDArray[np.int64],
    cache: Path,
    progress: Progress,
) -> Reference:
    """Take images of the run's own store, in an order of chance that is always the same."""
    order = keyed_rng(0, len(indices), "reference images").permutation(indices)

    def read(count: int) -> tuple[Tensor, NDArray[np.float32]]:
        store = prepare(dataset, opener.spec.name, cache, "cpu", progress)
        chosen = order[:count]
        return store.batch(chosen, "cpu"), dataset.conditions[chosen].astype(np.float32)

    return Reference(name, len(indices), read)
