"""How a judge learns: images in a shuffled order, AdamW, one rise and fall of its step size.

Shapes: images [B, C, H, W] in [-1, 1]; conditions [B, K].
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ganx.contracts.condition import Condition
from ganx.contracts.heads import condition_error
from ganx.contracts.judge import resized
from ganx.data.images import ImageStore, upload
from ganx.data.order import EpochOrder
from ganx.device import Execution
from ganx.errors import TrainingError
from ganx.judging.network import JudgeNetwork
from ganx.judging.settings import JudgeConfig
from ganx.randomness import keyed_rng


def coarsened(images: Tensor, side: int) -> Tensor:
    """Shrink images to a smaller side and enlarge them again, so that only its detail is left."""
    return resized(resized(images, side), images.shape[-1])


def rise_and_fall(seen: int, images: int) -> float:
    """Rise from 0 to 1 over a fifth of the images, then fall to 0 along half a cosine."""
    rise = images // 5
    if seen < rise:
        return seen / rise
    return (1 + math.cos(math.pi * min((seen - rise) / (images - rise), 1.0))) / 2


Steps = Callable[[int, int], None]
"""Called after each step with images seen and images to see in all."""


@dataclass(frozen=True)
class Lesson:
    """What a judge learns from."""

    condition: Condition
    store: ImageStore
    indices: NDArray[np.int64]
    """The images to learn from."""

    settings: JudgeConfig
    execution: Execution

    def teach(self, network: JudgeNetwork, progress: Steps) -> None:
        """Train the network in place. Raises ``TrainingError`` when its error is not finite."""
        settings, order = self.settings, EpochOrder(self.settings.seed, len(self.indices))
        images, batch = settings.epochs * len(self.indices), settings.batch_size
        optimizer = torch.optim.AdamW(
            network.train().parameters(), weight_decay=settings.weight_decay, fused=True
        )
        for seen in range(0, images, batch):
            # The middle of the step, so that neither the first nor the last has a rate of 0.
            factor = rise_and_fall(seen + batch // 2, images)
            for group in optimizer.param_groups:
                group["lr"] = settings.learning_rate * factor
            error = self._error(network, seen, self.indices[order.batch(seen, batch)])
            optimizer.zero_grad()
            torch.autograd.backward(error)
            optimizer.step()
            progress(min(seen + batch, images), images)
        if not torch.isfinite(error):
            raise TrainingError(
                "The judge's training error is no longer finite. Lower its learning_rate."
            )

    def _error(self, network: JudgeNetwork, seen: int, indices: NDArray[np.int64]) -> Tensor:
        device = self.execution.device
        images = self._changed(self.store.batch(indices, device), seen)
        with self.execution.autocast():
            logits = network(images)
        return condition_error(self.condition, logits, self.store.batch_conditions(indices, device))

    def _changed(self, images: Tensor, seen: int) -> Tensor:
        """Shift and coarsen images as the settings say."""
        settings = self.settings
        if settings.shift:
            rng = keyed_rng(settings.seed, seen, "judge's shifts")
            images = shifted(images, settings.shift, rng)
        if settings.smallest:
            rng = keyed_rng(settings.seed, seen, "judge's sides")
            images = partly_coarsened(images, settings.smallest, rng)
        return images


def partly_coarsened(images: Tensor, smallest: int, rng: np.random.Generator) -> Tensor:
    """Leave half of the images as they are, and bring the others to a smaller side and back.

    A quarter goes to the smallest side, a quarter to one between. Every batch has all three, so
    that the statistics of batch norm are those of the mixture.
    """
    side, count = int(rng.integers(smallest, images.shape[-1])), len(images)
    whole, least, between = torch.tensor_split(images, (count // 2, 3 * count // 4))
    return torch.cat([whole, coarsened(least, smallest), coarsened(between, side)])


def shifted(images: Tensor, most: int, rng: np.random.Generator) -> Tensor:
    """Move each image by -most to most pixels down and across, repeating its edges."""
    side = images.shape[-1]
    padded = functional.pad(images, (most,) * 4, mode="replicate")
    starts = upload(rng.integers(2 * most + 1, size=(2, len(images))), images.device)
    rows, columns = starts[:, :, None] + torch.arange(side, device=images.device)
    number = torch.arange(len(images), device=images.device)[:, None, None]
    moved = padded.permute(0, 2, 3, 1)[number, rows[:, :, None], columns[:, None, :]]
    return moved.permute(0, 3, 1, 2)
