"""How a condition enters a network.

As numbers beside the latent (``ConditionVector``, ``ConditionEmbedding``), as one more image plane
(``ConditionPlane``), as gains and shifts of a normalisation (``ConditionalBatchNorm2d``), or as a
direction that features are projected on (``ConditionProjection``). All take any kind of condition:
an embedding table is a bias-free linear map of the condition vector, so that several labels at
once have the sum of their rows.

Shapes: c [B, K]; z [B, Z]; images [B, C, H, W]; features [B, F].
"""

import torch
from torch import Tensor, nn

from ganx.contracts.condition import Condition


def _activation(slope: float) -> nn.Module:
    """Return LeakyReLU of a slope, which is ReLU at slope 0."""
    return nn.LeakyReLU(slope) if slope else nn.ReLU()


class ConditionVector(nn.Module):
    """A linear layer and a (leaky) ReLU: [B, K] to [B, features], to be concatenated to z.

    Mirza and Osindero, "Conditional Generative Adversarial Nets", arXiv:1411.1784, section 3.2.
    """

    def __init__(self, condition_size: int, features: int, slope: float = 0.0) -> None:
        super().__init__()
        self.linear = nn.Linear(condition_size, features)
        self.activation = _activation(slope)

    def forward(self, condition: Tensor) -> Tensor:
        """Map conditions [B, K] to [B, features]."""
        features: Tensor = self.activation(self.linear(condition))
        return features


class ConditionPlane(nn.Module):
    """A linear layer and a (leaky) ReLU: [B, K] to one plane [B, 1, H, W] beside the image's.

    The condition as one more input of D (Mirza and Osindero, arXiv:1411.1784, section 3.2), in the
    form of report 003 (the recipe ``cdcgan``).
    """

    def __init__(self, condition_size: int, resolution: int, slope: float = 0.0) -> None:
        super().__init__()
        self.resolution = resolution
        self.linear = nn.Linear(condition_size, resolution * resolution)
        self.activation = _activation(slope)

    def forward(self, condition: Tensor) -> Tensor:
        """Map conditions [B, K] to planes [B, 1, H, W]."""
        plane: Tensor = self.activation(self.linear(condition))
        return plane.reshape(-1, 1, self.resolution, self.resolution)


class ConditionEmbedding(nn.Module):
    """A table for each group of the condition: [B, K] to [B, groups * features].

    Odena et al., "Conditional Image Synthesis With Auxiliary Classifier GANs", arXiv:1610.09585.
    """

    def __init__(self, condition: Condition, features: int) -> None:
        super().__init__()
        self.sizes = [len(group.values) for group in condition.groups]
        self.size = features * len(self.sizes)
        self.tables = nn.ModuleList(nn.Linear(size, features, bias=False) for size in self.sizes)
        for table in self.tables:
            # As nn.Embedding draws its rows, whatever the number of values.
            assert isinstance(table, nn.Linear)
            nn.init.normal_(table.weight)

    def forward(self, condition: Tensor) -> Tensor:
        """Look up each group's values and put them side by side."""
        slices = torch.split(condition, self.sizes, dim=1)
        return torch.cat([table(slices[i]) for i, table in enumerate(self.tables)], dim=1)


class ConditionalBatchNorm2d(nn.Module):
    """Batch normalisation with a gain and a shift that the condition decides.

    Dumoulin et al., "A Learned Representation for Artistic Style", arXiv:1610.07629, section 2.2;
    in GANs as in SNGAN's projection form, arXiv:1802.05637. Gains start at 1 and shifts at 0 for
    every condition. Without a condition (K = 0) it is plain batch normalisation.
    """

    def __init__(self, condition_size: int, channels: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=not condition_size)
        self.gain = nn.Linear(condition_size, channels, bias=False) if condition_size else None
        self.shift = nn.Linear(condition_size, channels, bias=False) if condition_size else None
        for table in (self.gain, self.shift):
            if table is not None:
                nn.init.zeros_(table.weight)

    def forward(self, features: Tensor, condition: Tensor | None = None) -> Tensor:
        """Normalise features [B, C, H, W] for conditions [B, K]."""
        normal: Tensor = self.norm(features)
        if self.gain is None or self.shift is None or condition is None:
            return normal
        gain: Tensor = 1 + self.gain(condition)
        shift: Tensor = self.shift(condition)
        return normal * gain[:, :, None, None] + shift[:, :, None, None]


class ConditionProjection(nn.Module):
    """How well features agree with a condition: the inner product with its embedding, [B].

    Miyato and Koyama, "cGANs with Projection Discriminator", arXiv:1802.05637, section 2. Its table
    may be spectrally normalised like any linear layer: ``spectral_normalise(projection.table)``.
    """

    def __init__(self, condition_size: int, features: int) -> None:
        super().__init__()
        self.table = nn.Linear(condition_size, features, bias=False)

    def forward(self, features: Tensor, condition: Tensor) -> Tensor:
        """Compare features [B, F] with conditions [B, K]."""
        agreement: Tensor = (self.table(condition) * features).sum(dim=1)
        return agreement
