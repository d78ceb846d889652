"""SAGAN: convolutional generator and discriminator with self-attention and spectral norm.

Zhang et al., "Self-Attention Generative Adversarial Networks", arXiv:1805.08318, in the form of
report 000: the condition joins z in G, and the image as one more plane in D.

Shapes
    R   the images' resolution; C their channels
    r   the side of a hidden feature map: 4, 8, ..., R / 2
    z   [B, Z] noise                    c       [B, K] condition
    G   [B, Z + E, 1, 1] -> [B, ch(4), 4, 4] -> ... -> [B, ch(R / 2), R / 2, R / 2] -> [B, C, R, R]
    D   [B, C + 1, R, R] -> [B, ch(R / 2), R / 2, R / 2] -> ... -> [B, ch(4), 4, 4] -> [B]
    ch  ch(r) = width * min(8, R / 2 / r)
"""

from torch import nn

from ganx import (
    ConditionPlane,
    ConditionVector,
    ConvolutionalDiscriminator,
    ConvolutionalGenerator,
    Interface,
    Latent,
    LatentPart,
    Networks,
    SelfAttention,
    channels_at,
    check_images,
    hidden_sides,
    label_heads,
    refuse_unused,
    spectral_normalise,
)
from ganx_sagan import styled
from ganx_sagan.attention import attention_sides
from ganx_sagan.config import SaganConfig

CONDITION_SLOPE = 0.01
DISCRIMINATOR_SLOPE = 0.1


def build(interface: Interface, config: SaganConfig) -> Networks:
    """Build SAGAN for a data set's images.

    Raises ``ConfigError`` for a resolution that is not 32, 64, 128 or 256, more than 4 channels,
    attention at a feature map that does not exist, or settings that the form does not have.
    """
    check_images("sagan", interface)
    if config.form == "styled":
        refuse_unused(config, config.REPORT_ONLY, "model.form = 'styled'")
        return styled.build(interface, config)
    latent = Latent((LatentPart("noise", "normal", config.latent_size),))
    return Networks(_generator(interface, config), _discriminator(interface, config), latent)


def _generator(interface: Interface, config: SaganConfig) -> ConvolutionalGenerator:
    """Build G(z [B, Z], c [B, K])."""
    conditions = interface.condition.size
    embedded = (config.condition_features or config.latent_size) if conditions else 0
    condition = ConditionVector(conditions, embedded, CONDITION_SLOPE) if conditions else None
    layers = _generator_layers(config.latent_size + embedded, interface, config)
    return ConvolutionalGenerator(condition, layers)


def _discriminator(interface: Interface, config: SaganConfig) -> ConvolutionalDiscriminator:
    """Build D(images [B, C, R, R], c [B, K])."""
    conditions, side = interface.condition.size, interface.resolution
    joined = conditions and config.discriminator_condition == "plane"
    plane = ConditionPlane(conditions, side, CONDITION_SLOPE) if joined else None
    layers = _discriminator_layers(interface.channels + bool(joined), interface, config)
    heads = label_heads(
        interface, layers, config.width, config.discriminator_condition, config.evidence
    )
    return ConvolutionalDiscriminator(plane, layers, heads)


def _generator_layers(inputs: int, interface: Interface, config: SaganConfig) -> list[nn.Module]:
    """List G's layers: one block for each hidden map, then the image."""
    maps = hidden_sides(interface.resolution)
    asked = config.generator_attention
    attention = attention_sides("generator_attention", asked, (16, 32), maps)
    layers: list[nn.Module] = []
    for side in maps:
        outputs, first = channels_at(side, interface.resolution, config.width), side == maps[0]
        convolution = nn.ConvTranspose2d(inputs, outputs, 4, 1 if first else 2, 0 if first else 1)
        if config.spectral_norm_generator:
            convolution = spectral_normalise(convolution)
        layers += [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]
        if side in attention:
            layers.append(SelfAttention(outputs))
        inputs = outputs
    return [*layers, nn.ConvTranspose2d(inputs, interface.channels, 4, 2, 1), nn.Tanh()]


def _discriminator_layers(
    inputs: int, interface: Interface, config: SaganConfig
) -> list[nn.Module]:
    """List D's layers: one block for each hidden map, then the logit."""
    maps = hidden_sides(interface.resolution)[::-1]
    asked = config.discriminator_attention
    attention = attention_sides("discriminator_attention", asked, (8, 4), maps)
    layers: list[nn.Module] = []
    for side in maps:
        outputs = channels_at(side, interface.resolution, config.width)
        convolution = nn.Conv2d(inputs, outputs, 4, 2, 1)
        if config.spectral_norm_discriminator:
            convolution = spectral_normalise(convolution)
        layers += [convolution, nn.LeakyReLU(DISCRIMINATOR_SLOPE)]
        if side in attention:
            layers.append(SelfAttention(outputs))
        inputs = outputs
    return [*layers, nn.Conv2d(inputs, 1, 4)]
