"""DCGAN: a plain convolutional generator and discriminator, with and without conditions.

Radford et al., "Unsupervised Representation Learning with Deep Convolutional Generative
Adversarial Networks", arXiv:1511.06434, in the forms of reports 001, 003 and 004: the condition
joins z in G, and the image as one more plane in D.

Shapes
    R   the images' resolution; C their channels
    r   the side of a hidden feature map: 4, 8, ..., R / 2
    z   [B, Z] noise                    c       [B, K] condition
    G   [B, Z + E, 1, 1] -> [B, ch(4), 4, 4] -> ... -> [B, ch(R / 2), R / 2, R / 2] -> [B, C, R, R]
    D   [B, C + 1, R, R] -> [B, ch(R / 2), R / 2, R / 2] -> ... -> [B, ch(4), 4, 4] -> [B]
    ch  ch(r) = width * min(8, R / 2 / r), with a width for each network
"""

from torch import nn

from ganx import (
    ConditionPlane,
    ConditionVector,
    ConvolutionalDiscriminator,
    ConvolutionalGenerator,
    EvidentialDiscriminator,
    Interface,
    LabelHeads,
    Latent,
    LatentPart,
    Networks,
    StyledGenerator,
    channels_at,
    check_images,
    hidden_sides,
    initialise_normal,
    label_heads,
    refuse_unused,
)
from ganx_dcgan.config import DcganConfig


def build(interface: Interface, config: DcganConfig) -> Networks:
    """Build DCGAN for a data set's images.

    Raises ``ConfigError`` for a resolution that is not 32, 64, 128 or 256, or other than 1 to 4
    channels, or settings that the form does not have.
    """
    check_images("dcgan", interface)
    latent = Latent((LatentPart("noise", config.noise, config.latent_size),))
    if config.form == "styled":
        refuse_unused(config, config.REPORT_ONLY, "model.form = 'styled'")
        width = config.discriminator_width or config.width
        return Networks(
            StyledGenerator(interface, latent.size, config.width),
            EvidentialDiscriminator(interface, width),
            latent,
        )
    generator, discriminator = _generator(interface, config), _discriminator(interface, config)
    if config.init_sigma:
        initialise_normal(generator, config.init_sigma)
        initialise_normal(discriminator, config.init_sigma)
    discriminator.heads = _heads(interface, config, discriminator)
    return Networks(generator, discriminator, latent)


def _generator(interface: Interface, config: DcganConfig) -> ConvolutionalGenerator:
    """Build G(z [B, Z], c [B, K])."""
    conditions = interface.condition.size
    embedded = config.condition_features if conditions else 0
    condition = ConditionVector(conditions, embedded) if conditions else None
    layers = _generator_layers(config.latent_size + embedded, interface, config)
    return ConvolutionalGenerator(condition, layers)


def _discriminator(interface: Interface, config: DcganConfig) -> ConvolutionalDiscriminator:
    """Build D(images [B, C, R, R], c [B, K])."""
    conditions, slope = interface.condition.size, config.discriminator_condition_slope
    joined = conditions and config.discriminator_condition == "plane"
    plane = ConditionPlane(conditions, interface.resolution, slope) if joined else None
    layers = _discriminator_layers(interface.channels + bool(joined), interface, config)
    return ConvolutionalDiscriminator(plane, layers)


def _heads(
    interface: Interface, config: DcganConfig, discriminator: ConvolutionalDiscriminator
) -> LabelHeads | None:
    """Make what D says of labels, after its first weights: heads have their own."""
    width = config.discriminator_width or config.width
    condition, evidence = config.discriminator_condition, config.evidence
    return label_heads(interface, list(discriminator.layers), width, condition, evidence)


def _generator_layers(inputs: int, interface: Interface, config: DcganConfig) -> list[nn.Module]:
    """List G's layers: one block for each hidden map, then the image."""
    bias, layers = config.generator_bias, list[nn.Module]()
    for side in hidden_sides(interface.resolution):
        outputs = channels_at(side, interface.resolution, config.width)
        # Only the first block starts from a single position.
        stride, padding = (2, 1) if layers else (1, 0)
        layers += [
            nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=bias),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
        ]
        inputs = outputs
    image = nn.ConvTranspose2d(inputs, interface.channels, 4, 2, 1, bias=bias)
    return [*layers, image, nn.Tanh()]


def _discriminator_layers(
    inputs: int, interface: Interface, config: DcganConfig
) -> list[nn.Module]:
    """List D's layers: one block for each hidden map, then the logit."""
    bias, layers = config.discriminator_bias, list[nn.Module]()
    width = config.discriminator_width or config.width
    for side in reversed(hidden_sides(interface.resolution)):
        outputs = channels_at(side, interface.resolution, width)
        norm = config.discriminator_norm == "batch" and bool(layers)
        layers += [
            nn.Conv2d(inputs, outputs, 4, 2, 1, bias=bias),
            *([nn.BatchNorm2d(outputs)] if norm else []),
            nn.LeakyReLU(config.discriminator_slope),
        ]
        inputs = outputs
    return [*layers, nn.Conv2d(inputs, 1, 4, bias=bias)]
