"""The contract of an augmentation: what changes images before D sees them.

Shapes: images [B, C, H, W] in [-1, 1]; numbers [B, N]; scores [B].
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn


class Augmentation(nn.Module):
    """Changes real and generated images at random, differentiably, so that G learns through it.

    Zhao et al., arXiv:2006.10738, and Karras et al., arXiv:2006.06676: only what changes both kinds
    of images alike leaves G to learn the real ones. What is random is drawn on the CPU, outside the
    step. Buffers are kept in checkpoints, so an augmentation that adapts resumes exactly.
    """

    numbers: int = 0
    """N, how many random numbers each image takes."""

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Draw for so many images: [count, N]; uniform in [0, 1) unless overridden."""
        return rng.random((count, self.numbers), dtype=np.float32)

    def forward(self, images: Tensor, numbers: Tensor) -> Tensor:
        """Change images by the numbers of each; must have a second derivative, for penalties."""
        raise NotImplementedError  # abstract: each augmentation has its own

    def observe(self, scores: Tensor, images_seen: int) -> None:
        """Learn what D has just said of real images, without gradients.

        Called once for each time that D is taught on real images, in the order of training and for
        each piece of a batch. An augmentation that adapts changes its buffers here, on the device.
        """
        del scores, images_seen

    def readings(self) -> Mapping[str, Tensor]:
        """Return scalars for the log, by name; they are written as ``augmentation.NAME``."""
        return {}
