"""How often training images are drawn where some labels are rare.

Shapes: N training images; K is the size of the condition; conditions [N, K], shares [N].
"""

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.condition import Condition
from ganx.contracts.distribution import ConditionDistribution

Conditions = NDArray[np.uint8]
Shares = NDArray[np.float64]

_PASSES = 1000
"""Draws are counted in so many passes, since a distribution of conditions has whole counts."""

_TOLD = 3
"""Labels that a notice names."""


def balanced_shares(conditions: Conditions, balance: float) -> Shares:
    """Return which share of the draws each image gets; they sum to 1.

    An image weighs (1 / f)^balance, where f is the share of images with its rarest label. Of
    classes, that draws one of n images as n^(1 - balance): 0 is the data as it comes, 0.5
    square-root sampling, 1 each class equally often (Kang et al., arXiv:1910.09217, eq. 1). Where
    an image has several labels, the rarest decides, as in the repeat factors of LVIS (Gupta et al.,
    arXiv:1908.03195). Images without any label keep their share of the draws.
    """
    frequencies = conditions.mean(axis=0)
    weights = np.zeros(len(conditions))
    for label in np.flatnonzero(frequencies):
        weight = frequencies[label] ** -balance
        weights = np.where(conditions[:, label] > 0, np.maximum(weights, weight), weights)
    labelled = weights > 0
    weights[~labelled] = weights[labelled].mean() if labelled.any() else 1.0
    shares: Shares = weights / weights.sum()
    return shares


def drawn_conditions(conditions: Conditions, shares: Shares) -> ConditionDistribution:
    """Return the conditions as often as they are drawn."""
    rows, of_row = np.unique(conditions, axis=0, return_inverse=True)
    draws = np.bincount(of_row.ravel(), shares) * len(conditions) * _PASSES
    return ConditionDistribution(rows, np.maximum(1, np.rint(draws).astype(np.int64)))


def told(condition: Condition, conditions: Conditions, shares: Shares) -> str:
    """Say of the rarest labels in how many images they are, and in how many of those drawn."""
    before, after = conditions.mean(axis=0), shares @ conditions
    rarest = [label for label in np.argsort(before, kind="stable") if before[label] > 0][:_TOLD]
    names = _names(condition)
    changes = [f"{names[one]}: {before[one]:.2%}, drawn {after[one]:.2%}" for one in rarest]
    often = shares.max() * len(shares)
    return (
        f"Images of rare labels are drawn more often than others, up to {often:.3g} times a pass. "
        f"The rarest, by their share of the images: {'; '.join(changes)}."
    )


def _names(condition: Condition) -> list[str]:
    """Name each entry of the condition; of attributes, with the group."""
    with_group = condition.kind == "attributes"
    return [
        f"{group.name}={value}" if with_group else value
        for group in condition.groups
        for value in group.values
    ]
