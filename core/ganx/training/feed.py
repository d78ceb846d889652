"""The inputs of each phase: real images, conditions, latents and whatever else is random.

Shapes: real [B, C, H, W] in [-1, 1]; c [B, K]; z [B, Z].
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganx.contracts.plan import Phase
from ganx.contracts.term import Drawing
from ganx.data.images import ImageStore, upload
from ganx.data.order import EpochOrder
from ganx.training.phase import PhaseInputs
from ganx.training.setup import Setup


class Feed:
    """Hands each phase its inputs on the device; a phase may reuse those of the one before."""

    def __init__(
        self, setup: Setup, store: ImageStore, order: EpochOrder, device: torch.device
    ) -> None:
        self._setup = setup
        self._store = store
        self._order = order
        self._device = device
        self._train = setup.config.train
        self._first = setup.training_range.start
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
        drawn = self._setup.loss.draws(Drawing(count, rng, rows, self._setup.drawn))
        return PhaseInputs(
            real=real,
            c_real=condition,
            z=self._z,
            c_fake=condition,
            draws={name: upload(draw, self._device) for name, draw in drawn.items()},
            augmentations=self._setup.augmentations,
            augment_real=self._augmentation(rng),
            augment_fake=self._augmentation(rng),
        )

    def _augmentation(self, rng: np.random.Generator) -> dict[str, Tensor]:
        """Draw how images are to be changed before D sees them; nothing unless it is asked for."""
        drawn = self._setup.augmentations.draw(self._train.batch_size, rng)
        return {name: upload(numbers, self._device) for name, numbers in drawn.items()}

    def _real_batch(
        self, images_seen: int, rng: np.random.Generator
    ) -> tuple[Tensor, Tensor, NDArray[np.float32]]:
        """Fetch the images at this point of the walk, and what they show: there and as numpy."""
        count = self._train.batch_size
        indices = self._order.batch(images_seen, count) + self._first
        flip = None
        if self._setup.dataset.augmentation == "mirror":
            flip = upload(rng.integers(2, size=count, dtype=np.bool_), self._device)
        images = self._store.batch(indices, self._device, flip=flip)
        # Taken twice rather than fetched back: the device is never waited for.
        rows = self._store.conditions.take(indices, axis=0).astype(np.float32)
        return images, self._store.batch_conditions(indices, self._device), rows
