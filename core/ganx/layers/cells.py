"""Images as a grid of 32x32 cells, each a block of pixels: what a laptop can train on.

The channels of a cell are its pixels (pixel unshuffle, Shi et al., "Real-Time Single Image and
Video Super-Resolution", arXiv:1609.05158, section 3.2, backwards), so that a network on 64-pixel
images costs what it would on 32-pixel ones.

Shapes: R = 32 p the images' resolution, p pixels of a cell on a side; images [B, C, R, R]; cells
[B, C p^2, 32, 32].
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganx.contracts.interface import Interface

GRID = 32
"""Cells on a side of the grid, whatever the resolution."""


def patch_of(interface: Interface) -> int:
    """Return p, the pixels on a side of one cell of the grid."""
    return interface.resolution // GRID


class PlacedCells(nn.Module):
    """Images [B, C, R, R] to their cells and where each lies: [B, C p^2 + 2, 32, 32].

    The place is across and down in [-1, 1], as in CoordConv (Liu et al., arXiv:1807.03247).
    """

    place: Tensor

    def __init__(self, patch: int) -> None:
        super().__init__()
        self.patch = patch
        axis = torch.linspace(-1, 1, GRID)
        place = torch.stack(torch.meshgrid(axis, axis, indexing="ij")).unsqueeze(0)
        self.register_buffer("place", place, persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        """Return the cells with their places."""
        cells = functional.pixel_unshuffle(images, self.patch)
        place = self.place.to(cells.dtype).expand(cells.shape[0], -1, -1, -1)
        return torch.cat([cells, place], dim=1)


def pixels_of(cells: Tensor, patch: int) -> Tensor:
    """Make images [B, C, R, R] in [-1, 1] of what a network draws in cells: tanh, and a blur.

    Without the blur the borders of the cells show as a checkerboard. In float32.
    """
    images = functional.pixel_shuffle(torch.tanh(cells.float()), patch)
    for _ in range(patch - 1):
        images = blurred(images)
    return images


def blurred(images: Tensor) -> Tensor:
    """Blur images [B, C, H, W] by 1-2-1 both ways; the edges are repeated outwards."""
    x = functional.pad(images, (1, 1, 1, 1), mode="replicate")
    x = (x[:, :, :, :-2] + 2 * x[:, :, :, 1:-1] + x[:, :, :, 2:]) / 4
    return (x[:, :, :-2] + 2 * x[:, :, 1:-1] + x[:, :, 2:]) / 4
