"""ACGAN: a discriminator that is not told the condition, but must name it.

Odena et al., "Conditional Image Synthesis With Auxiliary Classifier GANs", arXiv:1610.09585, in
the form of report 002: one table for each group of the condition in G, one softmax for each in D
(the loss has it). With a condition of kind labels, D's head answers for each label by itself.

Shapes
    R   the images' resolution; C their channels
    z   [B, Z] noise                    c       [B, K] condition
    e   [B, E] embedded condition, E = groups * condition_features
    G   [B, Z + E, 1, 1] -> [B, g(4), 4, 4] -> ... -> [B, g(R / 2), R / 2, R / 2] -> [B, C, R, R]
    D   [B, C, R, R] -> [B, d(R / 2), R / 2, R / 2] -> ... -> [B, d(2), 2, 2] -> [B] and [B, K]
    g   g(r) = width * min(8, R / 2 / r)    d   d(r) = width * min(16, R / 2 / r)
"""

from torch import Tensor, nn

from ganx import (
    ConditionEmbedding,
    ConvolutionalGenerator,
    Critique,
    Interface,
    Latent,
    LatentPart,
    Networks,
    channels_at,
    check_conditional,
    check_images,
    hidden_sides,
    initialise_glorot,
)
from ganx_acgan.config import AcganConfig

SLOPE = 0.2

EPSILON = 1e-3
"""Keras' addend to the variance in BatchNorm; PyTorch's is 1e-5."""

LAST_SIDE = 2
"""The side of D's last feature map."""

MOST_IN_DISCRIMINATOR = 16


class Discriminator(nn.Module):
    """D(images [B, C, R, R], c) to a logit [B] and the head ``condition`` [B, K], also logits."""

    def __init__(self, interface: Interface, config: AcganConfig) -> None:
        super().__init__()
        self.layers = nn.Sequential(*_discriminator_layers(interface, config))
        features = _discriminator_width(LAST_SIDE, interface, config) * LAST_SIDE**2
        self.source = nn.Linear(features, 1)
        self.classes = nn.Linear(features, interface.condition.size)

    def forward(self, images: Tensor, c: Tensor | None = None) -> Critique:
        """Say how real the images are and what they show; ``c`` is not looked at."""
        del c
        features = self.layers(images).flatten(1)
        return Critique(self.source(features).squeeze(1), {"condition": self.classes(features)})


def build(interface: Interface, config: AcganConfig) -> Networks:
    """Build ACGAN for a data set's images.

    Raises ``ConfigError`` for a data set without labels, a resolution that is not 32, 64, 128 or
    256, or more than 4 channels.
    """
    check_images("acgan", interface)
    check_conditional("acgan", interface, wanted=True)
    latent = Latent((LatentPart("noise", "normal", config.latent_size),))
    networks = Networks(_generator(interface, config), Discriminator(interface, config), latent)
    for network in networks.modules().values():
        initialise_glorot(network)
    return networks


def _generator(interface: Interface, config: AcganConfig) -> ConvolutionalGenerator:
    """Build G(z [B, Z], c [B, K])."""
    condition = ConditionEmbedding(interface.condition, config.condition_features)
    layers = _generator_layers(config.latent_size + condition.size, interface, config)
    return ConvolutionalGenerator(condition, layers)


def _generator_layers(inputs: int, interface: Interface, config: AcganConfig) -> list[nn.Module]:
    """List G's layers: one block for each hidden map, one that keeps the map, then the image."""
    maps = hidden_sides(interface.resolution)
    layers: list[nn.Module] = []
    for side in maps:
        outputs, first = channels_at(side, interface.resolution, config.width), side == maps[0]
        convolution = nn.ConvTranspose2d(inputs, outputs, 4, 1 if first else 2, 0 if first else 1)
        layers += [convolution, _norm(outputs, config), nn.LeakyReLU(SLOPE)]
        inputs = outputs
    layers += [nn.ConvTranspose2d(inputs, inputs, 3, 1, 1), _norm(inputs, config)]
    layers += [nn.LeakyReLU(SLOPE), nn.ConvTranspose2d(inputs, interface.channels, 4, 2, 1)]
    return [*layers, nn.Tanh()]


def _discriminator_layers(interface: Interface, config: AcganConfig) -> list[nn.Module]:
    """List D's layers: one block for each map down to 2x2, the first without a norm."""
    maps = [*hidden_sides(interface.resolution)[::-1], LAST_SIDE]
    inputs = interface.channels
    layers: list[nn.Module] = []
    for side in maps:
        outputs = _discriminator_width(side, interface, config)
        layers += _halve(inputs, outputs, config)
        if side != maps[0]:
            layers.append(_norm(outputs, config))
        layers.append(nn.LeakyReLU(SLOPE))
        inputs = outputs
    return layers


def _discriminator_width(side: int, interface: Interface, config: AcganConfig) -> int:
    """Return the channels of one of D's maps."""
    return channels_at(side, interface.resolution, config.width, MOST_IN_DISCRIMINATOR)


def _halve(inputs: int, outputs: int, config: AcganConfig) -> list[nn.Module]:
    """List what halves a map of even side: Keras' 'same' padding puts the one row at its end."""
    if config.padding == "symmetric":
        return [nn.Conv2d(inputs, outputs, 3, 2, 1)]
    return [nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(inputs, outputs, 3, 2)]


def _norm(channels: int, config: AcganConfig) -> nn.Module:
    """Return a batch normalisation as Keras has it."""
    return nn.BatchNorm2d(channels, EPSILON, config.momentum)
