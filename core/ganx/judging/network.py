"""The judge's network: a small residual classifier for images of any size.

Shapes: images [B, C, H, W] in [-1, 1]; features [B, F]; logits [B, K].
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganx.contracts.interface import Interface
from ganx.errors import ConfigError

STEM_SIDE = 32
"""Larger images are halved until their side is at most this."""


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside a shortcut, with batch norm before each.

    He et al., "Identity Mappings in Deep Residual Networks", arXiv:1603.05027.
    """

    def __init__(self, channels: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.first_norm = nn.BatchNorm2d(channels)
        self.first = nn.Conv2d(channels, outputs, 3, stride, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        same = channels == outputs and stride == 1
        self.shortcut = None if same else nn.Conv2d(channels, outputs, 1, stride, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        """Map [B, channels, H, W] to [B, outputs, H / stride, W / stride]."""
        normal = functional.relu(self.first_norm(maps))
        beside: Tensor = maps if self.shortcut is None else self.shortcut(normal)
        change: Tensor = self.second(functional.relu(self.second_norm(self.first(normal))))
        return beside + change


class JudgeNetwork(nn.Module):
    """A stem, four residual blocks, the mean and the maximum of each map, and a linear head.

    Maps are halved only once after the stem: small objects are told apart by their outlines. The
    maximum answers whether something is there at all, wherever and however small. F is 8 times the
    width. Raises ``ConfigError`` for an interface without a condition.
    """

    def __init__(self, interface: Interface, width: int = 32) -> None:
        super().__init__()
        require_labels(interface)
        self.stem = _stem(interface, width)
        self.blocks = nn.Sequential(
            ResidualBlock(width, width),
            ResidualBlock(width, 2 * width, stride=2),
            ResidualBlock(2 * width, 2 * width),
            ResidualBlock(2 * width, 4 * width),
        )
        self.norm = nn.BatchNorm2d(4 * width)
        self.head = nn.Linear(8 * width, interface.condition.size)

    def features(self, images: Tensor) -> Tensor:
        """Return what the head sees of images, [B, F]."""
        maps = functional.relu(self.norm(self.blocks(self.stem(images))))
        return torch.cat([maps.mean(dim=(2, 3)), maps.amax(dim=(2, 3))], dim=1)

    def forward(self, images: Tensor) -> Tensor:
        """Return a logit for each entry of the condition, [B, K]."""
        logits: Tensor = self.head(self.features(images))
        return logits


def require_labels(interface: Interface) -> None:
    """Raise ``ConfigError`` where there is nothing to tell apart."""
    if not interface.condition.size:
        raise ConfigError(
            "A judge tells labels apart, but this data set has none. Open it with its labels "
            "(dataset.labels=true where that is a setting)."
        )


def _stem(interface: Interface, width: int) -> nn.Module:
    """Bring the image to ``width`` maps with a side of at most ``STEM_SIDE``."""
    side, channels = interface.resolution, interface.channels
    if side <= STEM_SIDE:
        return nn.Conv2d(channels, width, 3, 1, 1, bias=False)
    layers: list[nn.Module] = []
    while side > STEM_SIDE:
        layers += [nn.ReLU()] * bool(layers)
        layers.append(nn.Conv2d(channels, width, 4, 2, 1, bias=not layers))
        side, channels = side // 2, width
    return nn.Sequential(*layers)
