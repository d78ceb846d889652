"""Bringing images to another resolution.

Shapes: images [B, C, S, S] in [-1, 1].
"""

from torch import Tensor

from ganx.contracts.judge import resized


def coarsened(images: Tensor, side: int) -> Tensor:
    """Shrink images to a smaller side and enlarge them again, so that only its detail is left."""
    return resized(resized(images, side), images.shape[-1])
