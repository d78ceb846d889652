"""Layers of both networks, with their first weights.

Weights start from N(0, gain^2 * 2 / fan-in), He et al., "Delving Deep into Rectifiers",
arXiv:1502.01852; biases from 0. There is no normalisation.
"""

import math

from torch import Tensor, nn
from torch.nn import functional


def activate(features: Tensor) -> Tensor:
    """Apply the leaky ReLU of every layer."""
    return functional.leaky_relu(features, 0.2)


def linear(inputs: int, outputs: int, gain: float = 1.0) -> nn.Linear:
    """Make a linear layer."""
    layer = nn.Linear(inputs, outputs)
    _draw(layer, inputs, gain)
    return layer


def convolution(inputs: int, outputs: int, side: int = 3, gain: float = 1.0) -> nn.Conv2d:
    """Make a convolution that keeps the map's size."""
    layer = nn.Conv2d(inputs, outputs, side, 1, side // 2)
    _draw(layer, inputs * side * side, gain)
    return layer


def halving(inputs: int, outputs: int) -> nn.Conv2d:
    """Make a 4x4 convolution that halves the map's sides."""
    layer = nn.Conv2d(inputs, outputs, 4, 2, 1)
    _draw(layer, inputs * 16, 1.0)
    return layer


def _draw(layer: nn.Linear | nn.Conv2d, fan_in: int, gain: float) -> None:
    """Draw a layer's first weights."""
    nn.init.normal_(layer.weight, 0.0, gain * math.sqrt(2 / fan_in))
    assert layer.bias is not None
    nn.init.zeros_(layer.bias)
