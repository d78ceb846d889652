"""Adaptive discriminator augmentation.

Karras et al., "Training Generative Adversarial Networks with Limited Data", arXiv:2006.06676.
Shapes: images [B, C, H, W] in [-1, 1]; numbers [B, N], uniform in [0, 1); scores [B].
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from ganx import Augmentation
from ganx_ada.color import COLOR_NUMBERS, color_matrix, recolored
from ganx_ada.config import AdaConfig
from ganx_ada.geometry import (
    BLIT_NUMBERS,
    GEOMETRY_NUMBERS,
    blit_matrix,
    composed,
    geometry_matrix,
    resampled,
)


class AdaptiveAugmentation(Augmentation):
    """Changes images with a probability that is led by how sure D is of real ones.

    The figure is r_t = E[sign(D(x))] over real images (section 3.1): 0 where D cannot tell, 1 where
    it calls all of them real, which with few images means that it knows them by heart. Above the
    target the probability rises, below it falls. All of it stays on the device, in buffers.
    """

    probability: Tensor
    overfitting: Tensor
    signs: Tensor
    count: Tensor

    numbers = BLIT_NUMBERS + GEOMETRY_NUMBERS + COLOR_NUMBERS

    def __init__(self, config: AdaConfig) -> None:
        super().__init__()
        self._config = config
        self.register_buffer("probability", torch.tensor(min(config.start, config.most)))
        self.register_buffer("overfitting", torch.zeros(()))
        self.register_buffer("signs", torch.zeros(()))
        self.register_buffer("count", torch.zeros(()))

    def forward(self, images: Tensor, numbers: Tensor) -> Tensor:
        """Change each image by those of its numbers that fall below the probability."""
        config, p = self._config, self.probability
        if not config.most:
            return images
        sizes = (BLIT_NUMBERS, GEOMETRY_NUMBERS, COLOR_NUMBERS)
        blit, geometry, color = torch.split(numbers, list(sizes), dim=1)
        side = images.shape[-1]
        matrices = []
        if "blit" in config.groups:
            matrices.append(blit_matrix(blit, p, side, mirror=config.mirror))
        if "geometry" in config.groups:
            matrices.append(geometry_matrix(geometry, p, side))
        if matrices:
            images = resampled(images, composed(*matrices))
        return recolored(images, color_matrix(color, p)) if "color" in config.groups else images

    @torch.no_grad()
    def observe(self, scores: Tensor, images_seen: int) -> None:
        """Count the signs of D's scores, and move the probability after each interval."""
        del images_seen
        config = self._config
        # A score that overflowed says nothing.
        self.signs += scores.float().sign().nan_to_num().sum()
        self.count += len(scores)
        due = self.count >= config.interval
        found = self.signs / self.count
        self.overfitting.copy_(torch.where(due, found, self.overfitting))
        moved = self.probability + (found - config.target).sign() * self.count / config.rise
        moved = moved.clamp(0.0, config.most)
        self.probability.copy_(torch.where(due, moved, self.probability))
        for gathered in (self.signs, self.count):
            gathered.mul_(~due)

    def readings(self) -> Mapping[str, Tensor]:
        """Return the probability, and r_t of the last interval."""
        return {
            "ada.probability": self.probability.clone(),
            "ada.overfitting": self.overfitting.clone(),
        }
