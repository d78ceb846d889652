"""Self-attention over the positions of a feature map.

Shapes: features [B, C, H, W]; N = H·W positions.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganx.layers.being_exported import being_exported
from ganx.layers.second_derivative import second_derivative_wanted


class SelfAttention(nn.Module):
    """SAGAN's self-attention block, ``gamma * attention(x) + x`` with gamma starting at 0.

    Zhang et al., "Self-Attention Generative Adversarial Networks", arXiv:1805.08318, equations 1 to
    3. Query and key are 1x1 convolutions to C/8 channels, the value is one to C; the softmax is
    over the keys and, as in the paper, the products are not scaled.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = max(1, channels // 8)
        self.query = nn.Conv2d(channels, inner, 1)
        self.key = nn.Conv2d(channels, inner, 1)
        self.value = nn.Conv2d(channels, channels, 1)
        self.gamma = nn.Parameter(torch.zeros(1))
        self.padding = channels - inner
        # How many attention weights a CPU computes at a time: few enough for its cache.
        self.cached_weights = 2**22
        # From how many positions a CPU is faster by the fused kernel than in pieces, in float32.
        self.fused_from = 1024

    def forward(self, features: Tensor) -> Tensor:
        """Let every position look at all others: [B, C, H, W] to the same shape."""
        # Positions before channels: for channels_last features these are views, not copies.
        query = self.query(features).flatten(2).transpose(1, 2)
        key = self.key(features).flatten(2).transpose(1, 2)
        value = self.value(features).flatten(2).transpose(1, 2)
        attended = self._attend(query, key, value).transpose(1, 2).reshape(features.shape)
        # In the type of autocast: a float32 gamma would make all that follows float32.
        return _in_type_of(self.gamma, attended) * attended + features

    def _attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """Average the values [B, N, C] by softmax over the keys; query, key [B, N, C/8]."""
        if being_exported():
            return _attend_plainly(query, key, value)
        if not query.requires_grad:
            return self._attend_fused(query, key, value)
        twice = second_derivative_wanted()
        cached = query.dtype == torch.bfloat16 or query.shape[1] < self.fused_from
        if query.is_cpu and self.training and (twice or cached):
            return self._attend_in_pieces(query, key, value)
        if twice:
            return _attend_plainly(query, key, value)
        return self._attend_fused(query, key, value)

    def _attend_in_pieces(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """Attend for some images at a time, by products which can be differentiated twice.

        On a CPU, forward and backward took 0.73 of the fused kernel's time in bfloat16 and 1.2
        times it in float32 at features [64, 64, 32, 32]; 0.63 and 0.78 at [64, 128, 16, 16], 0.63
        and 0.78 at [64, 256, 8, 8] (medians of processor time, alternated, one thread).
        """
        count = max(1, self.cached_weights // (query.shape[1] * query.shape[1]))
        # Split, not sliced: a slice's backward fills a whole batch with zeros for every piece.
        queries, keys = torch.split(query, count), torch.split(key, count)
        attended = []
        for i, some in enumerate(torch.split(value, count)):
            attended += [_attend_plainly(queries[i], keys[i], some)]
        return torch.cat(attended)

    def _attend_fused(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """Attend by PyTorch's fused kernel, which has no second derivative."""
        # The kernel wants one size for all three; zeros do not change the products.
        query = functional.pad(query, (0, self.padding)).unsqueeze(1)
        key = functional.pad(key, (0, self.padding)).unsqueeze(1)
        attended = functional.scaled_dot_product_attention(
            query, key, value.unsqueeze(1), scale=1.0
        )
        return attended.squeeze(1)


def _attend_plainly(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Attend by matrix products, which a gradient penalty can be taken through."""
    return torch.softmax(query @ key.transpose(1, 2), dim=-1) @ value


def _in_type_of(x: Tensor, other: Tensor) -> Tensor:
    """Cast to the type of another tensor, whatever it will be once a traced file is cast."""
    if torch.jit.is_scripting():  # type: ignore[attr-defined]
        return x.type_as(other)
    else:  # noqa: RET505 - TorchScript leaves out only what stands in the other branch
        # ONNX has one type for good, and PyTorch 2.9 no way to write that a parameter keeps its.
        return x.to(other.dtype) if torch.onnx.is_in_onnx_export() else x.type_as(other)
