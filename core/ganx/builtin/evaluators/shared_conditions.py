"""Real images that share a condition, as the measure of how much images of one may differ.

Shapes: N images [N, C, H, W] in [-1, 1]; P conditions [P, K].
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganx.contracts.subject import Reference
from ganx.randomness import keyed_rng
from ganx.scoring.draws import Conditions

MOST = 256
"""Real images at most whose distances are taken: enough for thousands of pairs, and still cheap."""


@dataclass(frozen=True)
class RealGroups:
    """Real images, those of one condition after those of the other."""

    conditions: Conditions
    """[P, K]"""

    images: Tensor
    """[N, C, H, W]"""

    sizes: tuple[int, ...]
    """How many images each condition has, P numbers of at least 2 that sum to N."""


def real_groups(reference: Reference, width: int, count: int) -> RealGroups | None:
    """Find images that share a condition of ``width`` entries among the first ``count`` real ones.

    Where conditions have no entries, all share one. All conditions of two images or more are kept,
    each with as many of its images as make ``MOST`` in all. Returns None where there are none.
    """
    images, conditions = reference.read(min(count, reference.count))
    conditions = conditions if width else conditions[:, :0]
    if conditions.shape[1] != width or len(images) <= 1:
        return None
    found = list(_groups(conditions)) if width else [np.arange(len(images))]
    if not found:
        return None
    each = max(2, MOST // len(found))
    kept = [group[:each] for group in found[: MOST // 2]]
    return RealGroups(
        conditions=np.stack([conditions[group[0]] for group in kept]),
        images=images[torch.from_numpy(np.concatenate(kept))],
        sizes=tuple(map(len, kept)),
    )


def _groups(conditions: Conditions) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of each condition that several images have, conditions in random order.

    In an order of their own, conditions of many images, which are the simple ones, would be first.
    """
    rows, owner = np.unique(conditions, axis=0, return_inverse=True)
    for index in keyed_rng(0, len(rows), "shared conditions").permutation(len(rows)):
        members = np.flatnonzero(owner.ravel() == index)
        if len(members) > 1:
            yield members
