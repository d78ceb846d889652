"""Uniform numbers as gates and as values.

Shapes: numbers [B]; p a scalar.
"""

import math

import torch
from torch import Tensor

HALF = 0.5
"""Below it a coin shows one side."""

_EDGE = 1e-6


def normal(numbers: Tensor) -> Tensor:
    """Return standard normal values by the inverse of their distribution."""
    return math.sqrt(2) * torch.erfinv((2 * numbers - 1).clamp(_EDGE - 1, 1 - _EDGE))


def chosen(gate: Tensor, p: Tensor, changed: Tensor, neutral: Tensor) -> Tensor:
    """Take the matrix [B, n, n] of each image whose gate is below p, else the neutral one."""
    return torch.where((gate < p)[:, None, None], changed, neutral)
