"""Bringing images to another resolution.

Shapes: images [B, C, S, S] in [-1, 1].
"""

from torch import Tensor
from torch.nn import functional


def resized(images: Tensor, side: int) -> Tensor:
    """Resize square images, antialiased and bilinear; those of that side are returned as is."""
    if images.shape[-1] == side:
        return images
    return functional.interpolate(images, (side, side), mode="bilinear", antialias=True)


def coarsened(images: Tensor, side: int) -> Tensor:
    """Shrink images to a smaller side and enlarge them again, so that only its detail is left."""
    return resized(resized(images, side), images.shape[-1])
