"""Layers of both networks, with their first weights.

Weights start as ``he_normal`` draws them, and biases from 0. There is no normalisation.
"""

from torch import Tensor, nn
from torch.nn import functional

from ganx import he_normal


def activate(features: Tensor) -> Tensor:
    """Apply the leaky ReLU of every layer."""
    return functional.leaky_relu(features, 0.2)


def linear(inputs: int, outputs: int, gain: float = 1.0) -> nn.Linear:
    """Make a linear layer."""
    return he_normal(nn.Linear(inputs, outputs), gain)


def convolution(inputs: int, outputs: int, side: int = 3, gain: float = 1.0) -> nn.Conv2d:
    """Make a convolution that keeps the map's size."""
    return he_normal(nn.Conv2d(inputs, outputs, side, 1, side // 2), gain)


def halving(inputs: int, outputs: int) -> nn.Conv2d:
    """Make a 4x4 convolution that halves the map's sides."""
    return he_normal(nn.Conv2d(inputs, outputs, 4, 2, 1))
