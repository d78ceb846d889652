"""Real images that share a condition, as the measure of how much images of one may differ.

Shapes: N images [N, C, H, W] in [-1, 1]; P conditions [P, K].
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganx.evaluation.settings import DiversityConfig
from ganx.evaluation.subject import Reference
from ganx.judging.draws import Conditions
from ganx.training.randomness import keyed_rng


@dataclass(frozen=True)
class RealGroups:
    """Real images, those of one condition after those of the other."""

    conditions: Conditions
    """[P, K]"""

    images: Tensor
    """[N, C, H, W]"""

    sizes: tuple[int, ...]
    """How many images each condition has, P numbers of at least 2 that sum to N."""


def real_groups(reference: Reference, width: int, config: DiversityConfig) -> RealGroups | None:
    """Find real images that share a condition of ``width`` entries; all do if there are none.

    No more images are kept than are generated. Returns None where no two share one.
    """
    images, conditions = reference.read(min(config.real_images, reference.count))
    conditions = conditions if width else conditions[:, :0]
    if conditions.shape[1] != width or len(images) <= 1:
        return None
    found = list(_groups(conditions, config)) if width else [np.arange(len(images))]
    kept = _at_most(found, config.prompts * config.images)
    if not kept:
        return None
    return RealGroups(
        conditions=np.stack([conditions[group[0]] for group in kept]),
        images=images[torch.from_numpy(np.concatenate(kept))],
        sizes=tuple(map(len, kept)),
    )


def _groups(conditions: Conditions, config: DiversityConfig) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of each condition that several images have, conditions in random order.

    In an order of their own, conditions of many images, which are the simple ones, would be first.
    """
    rows, owner = np.unique(conditions, axis=0, return_inverse=True)
    for index in keyed_rng(0, len(rows), "shared conditions").permutation(len(rows)):
        members = np.flatnonzero(owner.ravel() == index)[: config.images]
        if len(members) > 1:
            yield members


def _at_most(groups: list[NDArray[np.int64]], images: int) -> list[NDArray[np.int64]]:
    """Keep groups as long as they do not have more images in all; of a single one, its first."""
    if len(groups) == 1:
        return [groups[0][:images]]
    totals = np.cumsum([len(group) for group in groups])
    return [group for group, total in zip(groups, totals, strict=True) if total <= images]
