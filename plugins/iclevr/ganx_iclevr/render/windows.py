"""Windows: the part of a picture that an object can cover, cut out around its centre."""

from typing import NamedTuple

import torch
from torch import Tensor

from .camera import Camera, Vector, project
from .shapes import RADIUS

# The widest and highest that an object gets in the frame, over all scenes there can be.
SPAN_ACROSS = 0.30
SPAN_DOWN = 0.49


class Windows(NamedTuple):
    """Windows of one size, [N] each: the first column and row, and all pixels' places [N, P]."""

    left: Tensor
    top: Tensor
    columns: int
    rows: int
    width: int
    height: int

    def pixels(self) -> Tensor:
        """Find the windows' pixels [N, rows * columns] in pictures taken row by row."""
        device = self.left.device
        down = self.top[:, None] + torch.arange(self.rows, device=device)
        across = self.left[:, None] + torch.arange(self.columns, device=device)
        return (down[:, :, None] * self.width + across[:, None, :]).flatten(1)

    def frame_positions(self, offsets: list[tuple[float, float]]) -> tuple[Tensor, Tensor]:
        """Give frame positions [N, A, 1, columns] and [N, A, rows, 1] of points within each pixel.

        offsets: [A] places in a pixel, 0 to 1 from the left and from the top.
        """
        device = self.left.device
        inside = torch.tensor(offsets, device=device)
        column = self.left[:, None] + torch.arange(self.columns, device=device)
        row = self.top[:, None] + torch.arange(self.rows, device=device)
        across = (column[:, None, :] + inside[:, 0, None]) / self.width
        down = (row[:, None, :] + inside[:, 1, None]) / self.height
        return across[:, :, None, :], down[:, :, :, None]

    def at(self, index: Tensor) -> "Windows":
        """Choose some of the windows."""
        return self._replace(left=self.left[index], top=self.top[index])


def cut(camera: Camera, place: Vector, width: int, height: int) -> Windows:
    """Cut windows around objects at places [N] as cameras [N] see them, within pictures."""
    middle = Vector(place.x, place.y, place.z + RADIUS)
    across, down = project(camera, middle)
    columns = min(width, int(SPAN_ACROSS * width) + 3)
    rows = min(height, int(SPAN_DOWN * height) + 3)
    left = (across * width - 0.5 * columns).round().clamp(0, width - columns)
    top = (down * height - 0.5 * rows).round().clamp(0, height - rows)
    return Windows(left.long(), top.long(), columns, rows, width, height)
