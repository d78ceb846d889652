"""Self-attention over the positions of a feature map.

Shapes: features [B, C, H, W]; N = H·W positions.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

FUSED_FROM = 32
"""The side of a feature map from which the fused kernel is the faster one."""


class SelfAttention(nn.Module):
    """SAGAN's self-attention block, ``gamma * attention(x) + x`` with gamma starting at 0.

    Zhang et al., "Self-Attention Generative Adversarial Networks", arXiv:1805.08318. Query and
    key are 1x1 convolutions to C/8 channels, the value is one to C; the softmax is over the keys
    and, as in the paper, the products are not scaled.

    ``fused`` computes it with PyTorch's fused kernel, which never holds the [B, N, N] weights:
    faster on maps of 32x32 and more, slower on smaller ones. It has no second derivative, so
    leave it off in a discriminator, which may meet a gradient penalty.
    """

    def __init__(self, channels: int, *, fused: bool = False) -> None:
        super().__init__()
        inner = max(1, channels // 8)
        self.query = nn.Conv2d(channels, inner, 1)
        self.key = nn.Conv2d(channels, inner, 1)
        self.value = nn.Conv2d(channels, channels, 1)
        self.gamma = nn.Parameter(torch.zeros(1))
        self.fused = fused
        self.padding = channels - inner

    def forward(self, features: Tensor) -> Tensor:
        """Let every position look at all others: [B, C, H, W] to the same shape."""
        # Positions before channels: for channels_last features these are views, not copies.
        query = self.query(features).flatten(2).transpose(1, 2)
        key = self.key(features).flatten(2).transpose(1, 2)
        value = self.value(features).flatten(2).transpose(1, 2)
        attended = self._attend(query, key, value).transpose(1, 2).reshape(features.shape)
        # In the type of autocast: a float32 gamma would make all that follows float32.
        return self.gamma.to(attended.dtype) * attended + features

    def _attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """Average the values [B, N, C] by softmax over the keys; query, key [B, N, C/8]."""
        if not self.fused:
            return torch.softmax(query @ key.transpose(1, 2), dim=-1) @ value
        # The fused kernels want one size for all three; zeros do not change the products.
        query = functional.pad(query, (0, self.padding)).unsqueeze(1)
        key = functional.pad(key, (0, self.padding)).unsqueeze(1)
        attended = functional.scaled_dot_product_attention(
            query, key, value.unsqueeze(1), scale=1.0
        )
        return attended.squeeze(1)
