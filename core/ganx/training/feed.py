"""The inputs of each phase: real images, conditions, latents and whatever else is random.

Shapes: real [B, C, H, W] in [-1, 1]; c [B, K]; z [B, Z].
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ganx.contracts.networks import Critique
from ganx.contracts.plan import Phase
from ganx.contracts.term import Drawing, Origin
from ganx.data.images import ImageStore, upload
from ganx.data.order import EpochOrder
from ganx.device import Execution
from ganx.training.diff_augment import draw_augmentation
from ganx.training.setup import Setup


@dataclass(frozen=True)
class PhaseInputs:
    """What was drawn for one phase, or for one part of its batch."""

    real: Tensor
    c_real: Tensor
    z: Tensor
    c_fake: Tensor
    draws: Mapping[str, Tensor]
    """What the loss terms asked for at random; every tensor [B, ...]."""

    augment_real: Mapping[str, Tensor] = field(default_factory=dict)
    """DiffAugment's random numbers [B, N] by policy, for the real images."""

    augment_fake: Mapping[str, Tensor] = field(default_factory=dict)
    """The same for the generated images."""

    fake: Tensor | None = None
    """What G made of (z, c_fake) in the phase before, if that is to be used again."""

    kept: "tuple[Kept, ...]" = ()
    """What the phase before left to this one, for each part of the batch."""

    images_seen: int = 0
    """Real images that D had seen when the iteration began."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """The weight of this moment of each term that counts; empty: those written in the sum."""

    piece: tuple[int, int] = (0, 1)
    """Which piece of the whole batch this is, and of how many."""

    def split(self, parts: int) -> "list[PhaseInputs]":
        """Cut the batch into equal parts, for gradient accumulation."""
        everything = {one.name: getattr(self, one.name) for one in fields(self)}
        pieces = (PhaseInputs(**_piece(everything, parts, index)) for index in range(parts))
        return [replace(one, piece=(index, parts)) for index, one in enumerate(pieces)]


class Kept(NamedTuple):
    """What one part of a phase's batch leaves to the next phase, which is to learn from it."""

    fake: Tensor
    """The generated images before DiffAugment, with gradients to G, which has not moved since."""

    real: Tensor
    """The real images as D saw them."""

    origin: Origin
    """The real images before DiffAugment."""

    critique: Critique | None
    """What D said of the real images, without gradients, where it was asked."""


def _piece(value: Any, parts: int, index: int) -> Any:
    """Take one of equal parts of every tensor [B, ...] in a value."""
    if isinstance(value, Mapping):
        return {key: _piece(inner, parts, index) for key, inner in value.items()}
    if isinstance(value, tuple):
        return value[index : index + 1]
    return value.chunk(parts)[index] if isinstance(value, Tensor) else value


class Feed:
    """Hands each phase its inputs on the device; a phase may reuse those of the one before."""

    def __init__(self, setup: Setup, store: ImageStore, execution: Execution) -> None:
        self._setup = setup
        self._store = store
        self._device = execution.device
        self._train = setup.config.train
        self._first = setup.training_range.start
        self.order = EpochOrder(self._train.seed, len(setup.training_range))
        self._real: tuple[Tensor, Tensor, NDArray[np.float32]] | None = None
        self._z: Tensor | None = None

    def inputs(self, phase: Phase, images_seen: int, rng: np.random.Generator) -> PhaseInputs:
        """Gather the global batch of one phase. Fakes are asked for what the real images show."""
        count = self._train.batch_size
        if phase.fresh_real or self._real is None:
            self._real = self._real_batch(images_seen, rng)
        if phase.fresh_latent or self._z is None:
            self._z = upload(self._setup.networks.latent.draw(count, rng), self._device)
        real, condition, rows = self._real
        drawn = self._setup.loss.draws(Drawing(count, rng, rows, self._setup.distribution))
        return PhaseInputs(
            real=real,
            c_real=condition,
            z=self._z,
            c_fake=condition,
            draws={name: upload(draw, self._device) for name, draw in drawn.items()},
            augment_real=self._augmentation(rng),
            augment_fake=self._augmentation(rng),
        )

    def _augmentation(self, rng: np.random.Generator) -> dict[str, Tensor]:
        """Draw how images are to be changed before D sees them; nothing unless it is asked for."""
        drawn = draw_augmentation(self._train.diff_augment, self._train.batch_size, rng)
        return {policy: upload(numbers, self._device) for policy, numbers in drawn.items()}

    def _real_batch(
        self, images_seen: int, rng: np.random.Generator
    ) -> tuple[Tensor, Tensor, NDArray[np.float32]]:
        """Fetch the images at this point of the walk, and what they show: there and as numpy."""
        count = self._train.batch_size
        indices = self.order.batch(images_seen, count) + self._first
        flip = None
        if self._setup.dataset.augmentation == "mirror":
            flip = upload(rng.integers(2, size=count, dtype=np.bool_), self._device)
        images = self._store.batch(indices, self._device, flip=flip)
        # Taken twice rather than fetched back: the device is never waited for.
        rows = self._store.conditions.take(indices, axis=0).astype(np.float32)
        return images, self._store.batch_conditions(indices, self._device), rows
