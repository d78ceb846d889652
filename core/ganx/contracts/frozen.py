"""A trained generator, frozen for export and sampling.

Shapes: z [B, Z], c [B, K], images [B, C, H, W] in [-1, 1].
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, device, empty, from_numpy, nn

from ganx.contracts.condition import Condition
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent

_SET_SHARE = 0.2
"""The largest share of labels in an example, where nothing is known of how many images have."""

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
    """JSON: interface, latent, distribution of training conditions, origin. A file carries more,
    and the distribution in short; ``docs/exports.md`` lists it."""

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
        """Draw one z [Z] and one c [K] that can be asked for."""
        z = self.latent.draw(1, rng)[0]
        return z, _example_condition(self.interface.condition, rng)


def _example_condition(condition: Condition, rng: np.random.Generator) -> NDArray[np.float32]:
    """Set one value of each group, or as many labels as an image may show.

    What training never showed makes some generators so steep that rounding alone moves pixels.
    """
    c = np.zeros(condition.size, np.float32)
    if condition.kind == "labels":
        known = [count for count in (condition.most, condition.limit) if count]
        most = min(known, default=ceil(_SET_SHARE * condition.size))
        count = rng.integers(1, min(most, condition.size) + 1)
        c[rng.choice(condition.size, count, replace=False)] = 1
    else:
        for where in condition.slices.values():
            c[rng.integers(where.start, where.stop)] = 1
    return c


def raise_if_empty(batch: int) -> None:
    """Refuse a batch of no images."""
    if batch < 1:
        raise ValueError(f"A batch has at least one image, not {batch}.")


def _as_tensor(array: NDArray[np.float32]) -> Tensor:
    """Share memory with a tensor."""
    return from_numpy(array)
