"""A trained generator, frozen for export and sampling.

Shapes: z [B, Z], c [B, K], images [B, C, H, W] in [-1, 1].
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, device, empty, from_numpy, nn

from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent

_SET_SHARE = 0.2
"""How many entries of an example's condition are set."""

Generate = Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[Any]]
"""From z [B, Z] and c [B, K] to images [B, C, H, W], or levels [B, H, W, C] where the file was
exported so; c is [B, 0] for an unconditional model."""


@dataclass(frozen=True)
class FrozenGenerator:
    """EMA weights in eval mode on the CPU, in float32, spectral norm and the like baked in."""

    module: nn.Module
    interface: Interface
    latent: Latent
    metadata: Mapping[str, Any]
    """JSON that an exported file carries: interface, latent, condition distribution, origin."""

    @property
    def device(self) -> device:
        """Where the module is; the CPU for one without weights."""
        tensors = chain(self.module.parameters(), self.module.buffers(), (empty(0),))
        return next(tensors).device

    def example_inputs(self, batch: int) -> tuple[Tensor, ...]:
        """Return fixed inputs (z, c), or (z,) when there is no condition; batch sizes nest."""
        raise_if_empty(batch)
        rng = np.random.default_rng(0)
        rows = [self._example_row(rng) for _ in range(batch)]
        stacked = tuple(np.stack(column) for column in zip(*rows, strict=True))
        tensors = tuple(_as_tensor(column) for column in stacked)
        return tensors if self.interface.condition.size else tensors[:1]

    def _example_row(self, rng: np.random.Generator) -> tuple[NDArray[np.float32], ...]:
        """Draw one z [Z] and one multi-hot c [K]."""
        z = self.latent.draw(1, rng)[0]
        c = (rng.random(self.interface.condition.size) < _SET_SHARE).astype(np.float32)
        return z, c


def raise_if_empty(batch: int) -> None:
    """Refuse a batch of no images."""
    if batch < 1:
        raise ValueError(f"A batch has at least one image, not {batch}.")


def _as_tensor(array: NDArray[np.float32]) -> Tensor:
    """Share memory with a tensor."""
    return from_numpy(array)
