"""From features to pixels: the sprites' painter, the background, and the renderer of the whole.

Shapes: B batch, S slots, L numbers that decide a look, F features, P cells of a sprite on a side, H
cells of the working grid on a side, each of them p x p pixels of C channels.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganx import pixels_of
from ganx_slots.parts import activate, convolution, linear

SPRITE = 16
"""Cells of a sprite on a side: twice doubled from 4."""

_START = 4


class SpritePainter(nn.Module):
    """What an object looks like, before it is placed: [B, S, L] to [B, S, F + 1, P, P].

    The last feature is alpha in [0, 1], and 0 for an empty slot; the others are multiplied by it.
    """

    def __init__(self, looks: int, hidden: int, channels: int, features: int) -> None:
        super().__init__()
        self.channels = channels
        self.start = nn.ModuleList([linear(looks, hidden), linear(hidden, channels * _START**2)])
        self.grow = nn.ModuleList(
            [
                convolution(channels, 3 * channels // 4),
                convolution(3 * channels // 4, channels // 2),
            ]
        )
        self.last = convolution(channels // 2, features + 1, 1)
        assert self.last.bias is not None
        nn.init.constant_(self.last.bias[-1:], -1.0)  # objects start faint

    def forward(self, looks: Tensor, there: Tensor) -> Tensor:
        """Paint the sprites."""
        x = looks
        for layer in self.start:
            x = activate(layer(x))
        x = x.reshape(-1, self.channels, 4, 4)
        for layer in self.grow:
            x = activate(layer(functional.interpolate(x, scale_factor=2.0)))
        x = self.last(x).float()
        x = x.view(looks.shape[0], looks.shape[1], -1, x.shape[2], x.shape[3])
        alpha = torch.sigmoid(x[:, :, -1:]) * there[:, :, :, None, None]
        return torch.cat([x[:, :, :-1] * alpha, alpha], dim=2)


class Background(nn.Module):
    """A few cells, moved by noise and stretched smoothly over the grid: [B, F, H, H].

    With more cells it would learn what often stands in one place, such as a scene's first object.
    """

    stretch: Tensor

    def __init__(self, noise: int, features: int, hidden: int, cells: int, side: int) -> None:
        super().__init__()
        self.count = cells
        self.base = nn.Parameter(0.3 * torch.randn(1, features, cells, cells))
        self.first = linear(noise, hidden)
        self.second = linear(hidden, features * cells**2, gain=0.3)
        self.register_buffer("stretch", _stretch(cells, side), persistent=False)

    def forward(self, noise: Tensor) -> Tensor:
        """Draw the background."""
        moved = self.second(activate(self.first(noise)))
        cells = self.base + moved.view(-1, self.base.shape[1], self.count, self.count).float()
        stretch = self.stretch.float()
        return torch.matmul(torch.matmul(stretch, cells), stretch.t())


def _stretch(cells: int, side: int) -> Tensor:
    """Return the bilinear weights [side, cells] from the first cell at one edge to the last."""
    at = torch.linspace(0, cells - 1, side).unsqueeze(1)
    return functional.relu(1 - (at - torch.arange(cells)).abs())


class Renderer(nn.Module):
    """A small 2D neural renderer: features [B, F, H, H] to images [B, C, p * H, p * H] in [-1, 1].

    As in GIRAFFE (Niemeyer and Geiger, arXiv:2011.12100), but that pixels are shuffled out of the
    working grid and blurred, which keeps its cells from showing.
    """

    def __init__(self, features: int, width: int, channels: int, patch: int) -> None:
        super().__init__()
        self.patch = patch
        self.layers = nn.ModuleList([convolution(features, width), convolution(width, width)])
        self.last = convolution(width, channels * patch**2, gain=0.3)

    def forward(self, features: Tensor) -> Tensor:
        """Render images."""
        for layer in self.layers:
            features = activate(layer(features))
        return pixels_of(self.last(features), self.patch)
