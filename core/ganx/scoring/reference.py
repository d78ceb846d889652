"""Real images that generated ones are held against: a run's own data set, or scenes never seen.

Shapes: images [N, C, H, W] in [-1, 1]; conditions [N, K].
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ganx.contracts.dataset import Dataset, stated
from ganx.contracts.specs import Wish
from ganx.contracts.subject import Reference
from ganx.data.build import Progress
from ganx.data.manifest import own_fingerprint
from ganx.data.opening import Opener
from ganx.data.store import check, prepare
from ganx.randomness import keyed_rng

HELD_OUT_IMAGES = 10_000
"""How many unseen images are made at most."""


def reference_of(
    opener: Opener,
    dataset: Dataset,
    trained_on: Mapping[str, Any],
    cache: Path,
    progress: Progress,
) -> Reference:
    """Choose what a run's images are held against; nothing is decoded before it is read.

    Where the data set has images that neither the run nor its judge has seen, it is those. Else it
    is the split test or validation where there is one, else the images that were trained on;
    ``trained_on`` is what the run recorded of its data.
    """
    unseen = opener.unseen("reference")
    if unseen:
        name = ", ".join(["held-out images", *opener.differences(unseen)])
        return _unseen(unseen, name, cache, progress)
    for split in ("test", "validation"):
        if split in dataset.splits:
            indices = np.arange(len(dataset.images))[dataset.splits[split]]
            return _stored(opener, dataset, f"split {split}", indices, cache, progress)
    indices = np.arange(len(dataset.images))[dataset.splits.get("train", slice(None))]
    fingerprint = own_fingerprint(dataset.images, check(dataset.images, progress))
    name = _recognised(fingerprint, trained_on)
    return _stored(opener, dataset, name, indices, cache, progress)


def _recognised(fingerprint: str, trained_on: Mapping[str, Any]) -> str:
    """Tell whether images are those that a run recorded."""
    if fingerprint == trained_on["fingerprint"]:
        return "training images"
    if "labels_fingerprint" in trained_on or stated(trained_on).is_rendered:
        return "other images than were trained on"
    # An earlier version recorded the times of files, which say nothing of what they hold.
    return "images that may or may not be those of training"


def _unseen(opener: Opener, name: str, cache: Path, progress: Progress) -> Reference:
    """Take as many images as are asked for, and have no more made than that."""

    def read(count: int) -> tuple[Tensor, NDArray[np.float32]]:
        dataset = opener.suited(Wish(images=count)).open()
        store = prepare(dataset, opener.spec.name, cache, "cpu", progress)
        everything = np.arange(len(dataset.images))
        chosen = everything if len(everything) <= count else _mixed(everything)[:count]
        return store.batch(chosen, "cpu"), dataset.conditions[chosen].astype(np.float32)

    most = len(opener.suited(Wish(images=HELD_OUT_IMAGES)).open().images)
    return Reference(name, min(most, HELD_OUT_IMAGES), read)


def _stored(
    opener: Opener,
    dataset: Dataset,
    name: str,
    indices: NDArray[np.int64],
    cache: Path,
    progress: Progress,
) -> Reference:
    """Take images of the run's own store, in an order of chance that is always the same."""
    order = _mixed(indices)

    def read(count: int) -> tuple[Tensor, NDArray[np.float32]]:
        store = prepare(dataset, opener.spec.name, cache, "cpu", progress)
        chosen = order[:count]
        return store.batch(chosen, "cpu"), dataset.conditions[chosen].astype(np.float32)

    return Reference(name, len(indices), read)


def _mixed(indices: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bring images into an order of chance that is always the same."""
    return keyed_rng(0, len(indices), "reference images").permutation(indices)
