"""The residual SAGAN: conditional batch norm in G, projection in D, attention and spectral norm.

Zhang et al., "Self-Attention Generative Adversarial Networks", arXiv:1805.08318, section 4 and
its public code; blocks as in arXiv:1802.05957, projection as in arXiv:1802.05637. The paper has
images of 128 pixels; other sizes have fewer or more blocks.

Shapes
    R   the images' resolution; C their channels
    z   [B, Z] noise                    c       [B, K] condition
    G   [B, Z] -> [B, ch(4), 4, 4] -> [B, ch(8), 8, 8] -> ... -> [B, ch(R), R, R] -> [B, C, R, R]
    D   [B, C, R, R] -> [B, ch(R), R / 2, R / 2] -> ... -> [B, ch(8), 4, 4] -> [B, ch(4), 4, 4]
        -> [B, ch(4)] -> [B]
    ch  ch(r) = width * min(16, R / r)
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ganx import (
    ConditionProjection,
    Critique,
    Interface,
    Latent,
    LatentPart,
    Networks,
    check_images,
    initialise_glorot,
    spectral_normalise,
)
from ganx_sagan.resnet_blocks import DownBlock, UpBlock, attention_without_biases
from ganx_sagan.resnet_config import SaganResnetConfig
from ganx_sagan.resnet_stages import SMALLEST, Stage, channels, down_stages, up_stages


class Generator(nn.Module):
    """G(z [B, Z], c [B, K]) to images [B, C, R, R] in [-1, 1]."""

    def __init__(
        self, interface: Interface, config: SaganResnetConfig, stages: Sequence[Stage]
    ) -> None:
        super().__init__()
        conditions, outputs = interface.condition.size, stages[-1].outputs
        self.form = (-1, stages[0].inputs, SMALLEST, SMALLEST)
        self.expand = nn.Linear(config.latent_size, stages[0].inputs * SMALLEST**2)
        self.blocks = nn.ModuleList(
            UpBlock(conditions, stage.inputs, stage.outputs, attention=stage.attention)
            for stage in stages
        )
        self.norm = nn.BatchNorm2d(outputs)
        self.paint = nn.Conv2d(outputs, interface.channels, 3, 1, 1)
        _initialise(self, normalised=config.spectral_norm_generator)

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """Draw images for latents and conditions."""
        features = self.expand(z).reshape(self.form)
        for block in self.blocks:
            features = block(features, c)
        return torch.tanh(self.paint(torch.relu(self.norm(features))))


class Discriminator(nn.Module):
    """D(images [B, C, R, R], c [B, K]) to a logit [B]."""

    def __init__(
        self, interface: Interface, config: SaganResnetConfig, stages: Sequence[Stage]
    ) -> None:
        super().__init__()
        conditions, outputs = interface.condition.size, channels(SMALLEST, interface, config)
        self.layers = nn.Sequential(*_halving(stages))
        self.last = DownBlock(stages[-1].outputs, outputs, halve=False)
        self.judge = nn.Linear(outputs, 1)
        self.projection = ConditionProjection(conditions, outputs) if conditions else None
        _initialise(self, normalised=config.spectral_norm_discriminator)

    def forward(self, images: Tensor, c: Tensor | None = None) -> Critique:
        """Say how real the images are, and how well they show their conditions."""
        features = torch.relu(self.last(self.layers(images))).sum(dim=(2, 3))
        score: Tensor = self.judge(features).flatten()
        if self.projection is not None and c is not None:
            score = score + self.projection(features, c)
        return Critique(score, {})


def build(interface: Interface, config: SaganResnetConfig) -> Networks:
    """Build the residual SAGAN for a data set's images.

    Raises ``ConfigError`` for a resolution that is not 32, 64, 128 or 256, more than 4 channels,
    or attention at a feature map that does not exist.
    """
    check_images("sagan-resnet", interface)
    up, down = up_stages(interface, config), down_stages(interface, config)
    latent = Latent((LatentPart("noise", "normal", config.latent_size),))
    generator = Generator(interface, config, up)
    return Networks(generator, Discriminator(interface, config, down), latent)


def _halving(stages: Sequence[Stage]) -> list[nn.Module]:
    """List D's blocks that halve the side, and the attention between them."""
    layers: list[nn.Module] = []
    for stage in stages:
        layers.append(DownBlock(stage.inputs, stage.outputs, first=not layers))
        if stage.attention:
            layers.append(attention_without_biases(stage.outputs))
    return layers


def _initialise(network: nn.Module, *, normalised: bool) -> None:
    """Draw weights from Glorot's uniform and set biases to 0, as SAGAN's code does, then normalise.

    The tables of conditional batch norm keep their zeros, and are not normalised.
    """
    initialise_glorot(network)
    layers: list[nn.Module] = []
    for module in network.modules():
        if isinstance(module, ConditionProjection):
            nn.init.xavier_uniform_(module.table.weight)
            layers.append(module.table)
        elif isinstance(module, nn.Conv2d) or (
            isinstance(module, nn.Linear) and module.bias is not None
        ):
            layers.append(module)
    for layer in layers if normalised else ():
        spectral_normalise(layer)
