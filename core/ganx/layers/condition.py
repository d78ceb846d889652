"""How a condition enters a network: as numbers beside the latent, or as one more image plane.

Shapes: c [B, K]; z [B, Z]; images [B, C, H, W].
"""

from torch import Tensor, nn


def _activation(slope: float) -> nn.Module:
    """Return LeakyReLU of a slope, which is ReLU at slope 0."""
    return nn.LeakyReLU(slope) if slope else nn.ReLU()


class ConditionVector(nn.Module):
    """A linear layer and a (leaky) ReLU: [B, K] to [B, features], to be concatenated to z."""

    def __init__(self, condition_size: int, features: int, slope: float = 0.0) -> None:
        super().__init__()
        self.linear = nn.Linear(condition_size, features)
        self.activation = _activation(slope)

    def forward(self, condition: Tensor) -> Tensor:
        """Map conditions [B, K] to [B, features]."""
        features: Tensor = self.activation(self.linear(condition))
        return features


class ConditionPlane(nn.Module):
    """A linear layer and a (leaky) ReLU: [B, K] to one plane [B, 1, H, W] beside the image's."""

    def __init__(self, condition_size: int, resolution: int, slope: float = 0.0) -> None:
        super().__init__()
        self.resolution = resolution
        self.linear = nn.Linear(condition_size, resolution * resolution)
        self.activation = _activation(slope)

    def forward(self, condition: Tensor) -> Tensor:
        """Map conditions [B, K] to planes [B, 1, H, W]."""
        plane: Tensor = self.activation(self.linear(condition))
        return plane.reshape(-1, 1, self.resolution, self.resolution)
