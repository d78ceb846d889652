"""Spectral normalisation: a layer's weight divided by its largest singular value.

Miyato et al., "Spectral Normalization for Generative Adversarial Networks", arXiv:1802.05957,
equation 8.
PyTorch's own parametrization runs under the caller's autocast, which on CUDA lowers its products
to 16 bits; here the singular value is computed in float32 whatever autocast says.
"""

from typing import TypeVar, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize
from torch.nn.utils import parametrize

M = TypeVar("M", bound=nn.Module)

_INITIAL_ITERATIONS = 15
_CONVOLUTION_DIM = 4


class SpectralNorm(nn.Module):
    """The parametrization: W to W / sigma(W), by one power iteration a forward in training mode.

    ``dim`` is the weight's output dimension; all others are flattened to the columns. ``u`` and
    ``v``, the estimates of the first singular vectors, are buffers and so part of checkpoints.
    """

    u: Tensor
    v: Tensor

    def __init__(self, weight: Tensor, dim: int) -> None:
        super().__init__()
        self.dim = dim
        matrix = self._matrix(weight.detach().float())
        self.register_buffer("u", normalize(torch.randn_like(matrix[:, 0]), dim=0))
        self.register_buffer("v", normalize(torch.randn_like(matrix[0]), dim=0))
        for _ in range(_INITIAL_ITERATIONS):
            self._iterate(matrix)

    def forward(self, weight: Tensor) -> Tensor:
        """Return the weight with spectral norm 1."""
        # The meta device, on which a network can be sized without memory, knows no autocast.
        with torch.autocast("cpu" if weight.is_meta else weight.device.type, enabled=False):
            matrix = self._matrix(weight.float())
            if self.training:
                self._iterate(matrix.detach())
            # Clones: the next forward overwrites the buffers before this one's backward.
            u, v = self.u.clone(), self.v.clone()
            sigma = torch.dot(u, matrix @ v)
            return weight * sigma.reciprocal()

    def _matrix(self, weight: Tensor) -> Tensor:
        """View the weight as [outputs, everything else].

        A convolution's inputs come last, as channels-last memory has them, so that this is no copy.
        """
        if weight.dim() != _CONVOLUTION_DIM:
            return weight.movedim(self.dim, 0).flatten(1)
        columns = weight.permute(0, 2, 3, 1)
        return columns.flatten(1) if self.dim == 0 else columns.flatten(0, 2).T

    @torch.no_grad()
    def _iterate(self, matrix: Tensor) -> None:
        """Do one power iteration (algorithm 1 of the paper)."""
        self.u.copy_(normalize(matrix @ self.v, dim=0))
        self.v.copy_(normalize(matrix.T @ self.u, dim=0))


def spectral_normalise(module: M) -> M:
    """Normalise the weight of a convolution, transposed convolution or linear layer, in place.

    Returns the same module, so that it can wrap a layer where a network is put together.
    """
    dim = 1 if isinstance(module, nn.ConvTranspose1d | nn.ConvTranspose2d) else 0
    weight = cast("Tensor", module.weight)
    parametrize.register_parametrization(module, "weight", SpectralNorm(weight, dim))
    return module


def bake(network: M) -> M:
    """Freeze every parametrization of a network into plain weights, in place, in eval mode.

    The network gives the same output as before in eval mode, and can be scripted and exported.
    Bake a copy (``bake(copy.deepcopy(network))``) of one that still trains.
    """
    network.eval()
    for module in list(network.modules()):
        if parametrize.is_parametrized(module):
            _bake_layer(module)
    return network


def _bake_layer(module: nn.Module) -> None:
    """Turn one layer's computed tensors into parameters."""
    names = list(cast("nn.ModuleDict", module.parametrizations))
    values = {name: getattr(module, name).detach().clone() for name in names}
    del module.parametrizations
    # Not torch's remove_parametrizations: it takes the property off the layer's class, which a
    # deep copy shares with its original, and so would break the network that still trains.
    module.__class__ = type(module).__bases__[0]
    for name, value in values.items():
        module.register_parameter(name, nn.Parameter(value))
