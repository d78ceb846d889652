"""Precision, recall, density and coverage: sets of features compared by nearest neighbours.

Shapes: features [N, F] of real and [M, F] of generated images; radii [N] and [M].
"""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_ROWS = 256

Features = NDArray[np.floating]


class NeighbourScores(NamedTuple):
    """How two sets lie among each other.

    Each image has a ball around it, closed, that reaches to its k-th nearest neighbour in its own
    set. All but density lie in [0, 1].
    """

    precision: float
    """Share of generated images that lie in the ball of some real one."""

    recall: float
    """Share of real images that lie in the ball of some generated one."""

    density: float
    """Balls of real images that a generated one lies in, over k; about 1 for two samples of one
    distribution."""

    coverage: float
    """Share of real images whose ball holds a generated one; about 1 - 2^-k for two samples of one
    distribution."""


def neighbour_scores(real: Features, generated: Features, k: int) -> NeighbourScores:
    """Compare two sets by their k nearest neighbours.

    Precision and recall are those of Kynkaanniemi et al., arXiv:1904.06991, density and coverage
    those of Naeem et al., arXiv:2002.09797. Memory is that of a few hundred rows of distances.
    Raises ``ValueError`` for sets of k images or fewer.
    """
    if not 0 < k < min(len(real), len(generated)):
        raise ValueError(f"{k} neighbours take sets of {k + 1} images or more.")
    reals, fakes = torch.from_numpy(real).double(), torch.from_numpy(generated).double()
    real_radii, fake_radii = radii(reals, k), radii(fakes, k)
    holding = torch.zeros(len(fakes), dtype=torch.int64)
    recalled = torch.zeros(len(reals), dtype=torch.bool)
    covered = torch.zeros(len(reals), dtype=torch.bool)
    for rows in torch.split(torch.arange(len(fakes)), _ROWS):
        distances = _distances(fakes[rows], reals)
        inside = distances <= real_radii
        holding[rows] = inside.sum(dim=1)
        covered |= inside.any(dim=0)
        recalled |= (distances <= fake_radii[rows, None]).any(dim=0)
    return NeighbourScores(
        precision=_share(holding > 0),
        recall=_share(recalled),
        density=float(holding.double().mean()) / k,
        coverage=_share(covered),
    )


def radii(points: Tensor, k: int) -> Tensor:
    """Return the distance from each point to its k-th nearest neighbour among the others."""
    # Each point is its own nearest, at distance 0.
    nearest = [
        _distances(rows, points).kthvalue(k + 1).values for rows in torch.split(points, _ROWS)
    ]
    return torch.cat(nearest)


def _distances(one: Tensor, other: Tensor) -> Tensor:
    """Return all distances, without the shortcut over products, which rounds equal points apart."""
    return torch.cdist(one, other, compute_mode="donot_use_mm_for_euclid_dist")


def _share(hits: Tensor) -> float:
    return float(hits.double().mean())
