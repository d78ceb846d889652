"""Initial weights: DCGAN's normal ones, Glorot's uniform ones, and He's for one layer."""

import math
from typing import TypeVar

from torch import nn
from torch.nn.utils import parametrize

_CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d)

L = TypeVar("L", nn.Linear, nn.Conv2d, nn.ConvTranspose2d)


def initialise_normal(network: nn.Module, sigma: float = 0.02) -> None:
    """Draw convolution weights from N(0, sigma), BatchNorm's from N(1, sigma) with biases 0.

    Radford et al., "Unsupervised Representation Learning with Deep Convolutional Generative
    Adversarial Networks", arXiv:1511.06434, section 4. Biases of convolutions and linear layers
    keep PyTorch's. Draws from torch's global generator. Raises ``ValueError`` for a network with
    spectral normalisation: initialise first, then normalise.
    """
    for module in network.modules():
        if isinstance(module, _CONVOLUTIONS):
            _refuse_parametrized(module)
            nn.init.normal_(module.weight, 0.0, sigma)
        elif isinstance(module, nn.BatchNorm2d) and module.affine:
            nn.init.normal_(module.weight, 1.0, sigma)
            nn.init.zeros_(module.bias)


def initialise_glorot(network: nn.Module) -> None:
    """Draw the weights of convolutions and linear layers from Glorot's uniform; biases are 0.

    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    AISTATS 2010, equation 16; the default of Keras. Norms keep theirs, and so do linear layers
    without a bias, which are embedding tables. Raises ``ValueError`` for a network with spectral
    normalisation.
    """
    for module in network.modules():
        table = isinstance(module, nn.Linear) and module.bias is None
        if isinstance(module, (*_CONVOLUTIONS, nn.Linear)) and not table:
            _refuse_parametrized(module)
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def he_normal(layer: L, gain: float = 1.0) -> L:
    """Draw a layer's weights from N(0, gain^2 * 2 / fan-in), set its biases to 0, and return it.

    He et al., "Delving Deep into Rectifiers", arXiv:1502.01852, equation 10: features keep their
    size from layer to layer. The fan-in is how many inputs an output has; of a transposed
    convolution that is its kernel's share that meets one position. Draws from torch's global
    generator. Raises ``ValueError`` for a layer with spectral normalisation.
    """
    _refuse_parametrized(layer)
    fan_in = layer.weight[0].numel()
    if isinstance(layer, nn.ConvTranspose2d):
        fan_in = layer.weight.numel() // (layer.out_channels * layer.stride[0] * layer.stride[1])
    nn.init.normal_(layer.weight, 0.0, gain * math.sqrt(2 / fan_in))
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def _refuse_parametrized(module: nn.Module) -> None:
    """Refuse a layer whose weight is computed: setting it would change nothing."""
    if parametrize.is_parametrized(module, "weight"):
        raise ValueError("Initialise a network before spectral_normalise, not after.")
