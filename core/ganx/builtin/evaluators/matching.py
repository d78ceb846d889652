"""Which class each value of a learned code stands for, by the best one-to-one assignment.

InfoGAN's categorical code is learned without labels, so that its values come in any order (Chen et
al., arXiv:1606.03657). Shapes: codes and seen [N], indices of code values and of classes.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.integer]


class Matching(NamedTuple):
    """The assignment under which most images agree."""

    accuracy: float
    """The share of images whose code's class is the class seen."""

    classes: Mapping[int, int]
    """Code value to class, one-to-one; where there are more of the ones, some have no partner."""


def match_codes(codes: Indices, seen: Indices, code_count: int, class_count: int) -> Matching:
    """Assign classes to code values so that the most images agree (the Hungarian method).

    With more images than pairs of code and class by far, matching at random yields little more
    than chance; ``shuffled`` tells how much: match anew for each shuffle.
    """
    from scipy.optimize import linear_sum_assignment

    table = agreements(codes, seen, code_count, class_count)
    rows, columns = linear_sum_assignment(table, maximize=True)
    accuracy = float(table[rows, columns].sum() / len(codes))
    return Matching(accuracy, dict(zip(rows.tolist(), columns.tolist(), strict=True)))


def agreements(
    codes: Indices, seen: Indices, code_count: int, class_count: int
) -> NDArray[np.int64]:
    """Count images by code value and by class seen: [code_count, class_count]."""
    flat = codes.astype(np.int64) * class_count + seen
    counts = np.bincount(flat, minlength=code_count * class_count)
    return counts.reshape(code_count, class_count)
