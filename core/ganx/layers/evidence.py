"""Where in an image each label shows: a map for each, pooled to one logit.

Shapes: features [B, F, H, W]; logits [B, K].
"""

import math

import torch
from torch import Tensor, nn

_RARE = -2.5
"""The logit that every label starts with: all are rare."""


class EvidenceMap(nn.Module):
    """A map of evidence for each of K labels, pooled by log-sum-exp to the label's logit.

    The maps are class activation maps (Zhou et al., arXiv:1512.04150, equation 2) of a 1x1
    convolution. Their pooling is that of multiple-instance learning (Pinheiro and Collobert, "From
    Image-level to Pixel-level Labeling with Convolutional Networks", arXiv:1411.6228, with r = 1
    and no mean): one place that shows a label is enough, and only the places that do get a
    gradient.
    """

    def __init__(self, features: int, labels: int, cells: int) -> None:
        """Start from small maps; ``cells`` is H * W, which the sum over places is offset by."""
        super().__init__()
        self.maps = nn.Conv2d(features, labels, 1)
        nn.init.normal_(self.maps.weight, 0.0, math.sqrt(0.5 / features))
        assert self.maps.bias is not None
        nn.init.constant_(self.maps.bias, _RARE - math.log(cells))

    def forward(self, features: Tensor) -> Tensor:
        """Return the logit of each label: [B, K], in float32."""
        return torch.logsumexp(self.maps(features).float().flatten(2), dim=2)
