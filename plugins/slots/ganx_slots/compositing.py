"""Sprites placed on a grid and layered by depth.

Shapes: B batch, S slots, F features, P cells of a sprite on a side, H cells of the grid on a side.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganx_slots.layout import Pose


class Placing(nn.Module):
    """Resamples sprites [B, S, F, P, P] to [B, S, F, H, H], each about its centre.

    A separable inverse spatial transformer (Jaderberg et al., arXiv:1506.02025): bilinear weights
    as one small matrix down and one across, so that it is two matrix products in every format.
    """

    grid: Tensor
    cells: Tensor

    def __init__(self, side: int, sprite: int) -> None:
        super().__init__()
        grid = torch.arange(side).float().view(1, 1, side, 1)
        self.register_buffer("grid", grid, persistent=False)
        cells = torch.arange(sprite).float() - (sprite - 1) / 2
        self.register_buffer("cells", cells.view(1, 1, 1, sprite), persistent=False)

    def forward(self, sprites: Tensor, pose: Pose) -> Tensor:
        """Place the sprites."""
        across = self._weights(pose.centre[:, :, :1], pose.size).unsqueeze(2)
        down = self._weights(pose.centre[:, :, 1:], pose.size).unsqueeze(2)
        return torch.matmul(torch.matmul(down, sprites), across.transpose(3, 4))

    def _weights(self, centre: Tensor, size: Tensor) -> Tensor:
        """Return how much each of a sprite's cells gives to each of the grid's: [B, S, H, P]."""
        size = size.unsqueeze(3)
        at = centre.unsqueeze(3) + self.cells * size
        spread = size.clamp(min=1.0)  # a sprite shrunk is averaged, and one enlarged has no gaps
        return functional.relu(1 - (self.grid - at).abs() / spread) * size.clamp(max=1.0)


def occlusion(cover: Tensor, depth: Tensor) -> Tensor:
    """Return how much of each slot is seen past the others: [B, S, 1, H, H].

    The soft occlusion grid of Monnier et al., "Unsupervised Layered Image Decomposition into Object
    Prototypes", arXiv:2104.14575. ``cover`` [B, S, 1, H, H] is in [0, 1], ``depth`` [B, S, 1].
    """
    # [B, i, j]: how surely j is before i; the factor makes it all but hard.
    nearer = torch.sigmoid(4.0 * (depth.transpose(1, 2) - depth))
    seen = []
    for i in range(cover.shape[1]):
        visible = torch.ones_like(cover[:, 0])
        for j in range(cover.shape[1]):
            if j != i:
                visible = visible * (1 - cover[:, j] * nearer[:, i, j, None, None, None])
        seen.append(visible)
    return torch.stack(seen, dim=1)


def layered(placed: Tensor, depth: Tensor, background: Tensor) -> Tensor:
    """Draw slots [B, S, F + 1, H, H], whose last feature is alpha, over a background [B, F, H, H].

    Features are already multiplied by their alpha. A slot whose alpha is 0 changes nothing.
    """
    cover = placed[:, :, -1:].clamp(0, 1)
    drawn = (placed[:, :, :-1] * occlusion(cover, depth)).sum(dim=1)
    return drawn + background * (1 - cover).prod(dim=1)
