"""The residual blocks of SAGAN, which are SNGAN's.

Miyato et al., "Spectral Normalization for Generative Adversarial Networks", arXiv:1802.05957,
appendix B.4; in the order of layers and with the channels of SAGAN's own code.

Shapes: features [B, inputs, r, r]; condition [B, K].
"""

from torch import Tensor, nn

from ganx import ConditionalBatchNorm2d, SelfAttention


class UpBlock(nn.Module):
    """Conditional norm, ReLU, doubling, convolution, norm, ReLU, convolution; then any attention.

    No convolution has a bias: each is followed by batch normalisation, at once or along the skips,
    and that takes away what is the same at all positions of a channel.
    """

    def __init__(
        self, condition_size: int, inputs: int, outputs: int, *, attention: bool = False
    ) -> None:
        super().__init__()
        self.norm1 = ConditionalBatchNorm2d(condition_size, inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = ConditionalBatchNorm2d(condition_size, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.skip = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.activation = nn.ReLU()
        self.upsample = nn.Upsample(scale_factor=2.0, mode="nearest")
        self.attention = attention_without_biases(outputs) if attention else nn.Identity()

    def forward(self, features: Tensor, condition: Tensor | None = None) -> Tensor:
        """Double the side: [B, inputs, r, r] to [B, outputs, 2r, 2r]."""
        hidden = self.activation(self.norm1(features, condition))
        hidden = self.activation(self.norm2(self.conv1(self.upsample(hidden)), condition))
        # The papers double before the 1x1 convolution: the same numbers, four times the work.
        hidden = self.conv2(hidden) + self.upsample(self.skip(features))
        attended: Tensor = self.attention(hidden)
        return attended


class DownBlock(nn.Module):
    """ReLU, convolution, ReLU, convolution, average pooling; no norm.

    ``first``, on images, has no leading ReLU ("optimized block" in SNGAN's code). ``halve=False``
    leaves out the pooling, and the skip's convolution where it is not needed.
    """

    def __init__(
        self, inputs: int, outputs: int, *, first: bool = False, halve: bool = True
    ) -> None:
        super().__init__()
        self.opening = nn.Identity() if first else nn.ReLU()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, 1, 1)
        self.activation = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1)
        self.pool = nn.AvgPool2d(2) if halve else nn.Identity()
        learned = halve or inputs != outputs
        self.skip = nn.Conv2d(inputs, outputs, 1) if learned else nn.Identity()

    def forward(self, features: Tensor) -> Tensor:
        """Halve the side: [B, inputs, r, r] to [B, outputs, r / 2, r / 2]."""
        hidden = self.conv2(self.activation(self.conv1(self.opening(features))))
        # The papers pool after the 1x1 convolution but in the first block: the same numbers.
        lowered: Tensor = self.pool(hidden) + self.skip(self.pool(features))
        return lowered


def attention_without_biases(channels: int) -> SelfAttention:
    """Build self-attention whose 1x1 convolutions have no biases, as in SAGAN's own code.

    The key's could have no effect (a softmax over keys ignores it), and in G neither the value's.
    """
    attention = SelfAttention(channels)
    for convolution in (attention.query, attention.key, attention.value):
        convolution.register_parameter("bias", None)
    return attention
