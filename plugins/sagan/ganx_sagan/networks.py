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

import torch
from torch import Tensor, nn

from ganx.errors import ConfigError
from ganx.interface import Interface
from ganx.latent import Latent, LatentPart
from ganx.layers.attention import SelfAttention
from ganx.layers.condition import ConditionPlane, ConditionVector
from ganx.layers.spectral_norm import spectral_normalise
from ganx.networks import Critique, Networks
from ganx_sagan.config import SaganConfig

RESOLUTIONS = (32, 64, 128, 256)
MAX_CHANNELS = 4
CONDITION_SLOPE = 0.01
DISCRIMINATOR_SLOPE = 0.1


class Generator(nn.Module):
    """G(z [B, Z], c [B, K]) to images [B, C, R, R] in [-1, 1]."""

    def __init__(self, interface: Interface, config: SaganConfig) -> None:
        super().__init__()
        embedded = config.condition_features or config.latent_size
        conditions = interface.condition.size
        self.condition = (
            ConditionVector(conditions, embedded, CONDITION_SLOPE) if conditions else None
        )
        inputs = config.latent_size + (embedded if conditions else 0)
        self.layers = nn.Sequential(*_generator_layers(inputs, interface, config))

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """Draw images for latents and conditions."""
        if self.condition is not None and c is not None:
            z = torch.cat((z, self.condition(c)), dim=1)
        images: Tensor = self.layers(z[:, :, None, None])
        return images


class Discriminator(nn.Module):
    """D(images [B, C, R, R], c [B, K]) to a logit [B]."""

    def __init__(self, interface: Interface, config: SaganConfig) -> None:
        super().__init__()
        conditions = interface.condition.size
        self.plane = (
            ConditionPlane(conditions, interface.resolution, CONDITION_SLOPE)
            if conditions
            else None
        )
        inputs = interface.channels + (1 if conditions else 0)
        self.layers = nn.Sequential(*_discriminator_layers(inputs, interface, config))

    def forward(self, images: Tensor, c: Tensor | None = None) -> Critique:
        """Say how real the images are, and how well they show their conditions."""
        if self.plane is not None and c is not None:
            images = torch.cat((images, self.plane(c).to(images.dtype)), dim=1)
        return Critique(self.layers(images).flatten(), {})


def build(interface: Interface, config: SaganConfig) -> Networks:
    """Build SAGAN for a data set's images.

    Raises ``ConfigError`` for a resolution that is not 32, 64, 128 or 256, more than 4 channels,
    or attention at a feature map that does not exist.
    """
    _check(interface)
    latent = Latent((LatentPart("noise", "normal", config.latent_size),))
    return Networks(Generator(interface, config), Discriminator(interface, config), latent)


def _generator_layers(inputs: int, interface: Interface, config: SaganConfig) -> list[nn.Module]:
    """List G's layers: one block for each hidden map, then the image."""
    maps = _feature_maps(interface)
    attention = _attention("generator_attention", config.generator_attention, (16, 32), maps)
    layers: list[nn.Module] = []
    for side in maps:
        outputs, first = _width_at(side, interface, config), side == maps[0]
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
    maps = _feature_maps(interface)[::-1]
    attention = _attention("discriminator_attention", config.discriminator_attention, (8, 4), maps)
    layers: list[nn.Module] = []
    for side in maps:
        outputs = _width_at(side, interface, config)
        convolution = nn.Conv2d(inputs, outputs, 4, 2, 1)
        if config.spectral_norm_discriminator:
            convolution = spectral_normalise(convolution)
        layers += [convolution, nn.LeakyReLU(DISCRIMINATOR_SLOPE)]
        if side in attention:
            layers.append(SelfAttention(outputs))
        inputs = outputs
    return [*layers, nn.Conv2d(inputs, 1, 4)]


def _feature_maps(interface: Interface) -> list[int]:
    """List the sides of the hidden feature maps: 4, 8, ..., R / 2."""
    return [2**power for power in range(2, interface.resolution.bit_length() - 1)]


def _width_at(side: int, interface: Interface, config: SaganConfig) -> int:
    """Return ch(r), the channels of the feature map of a side."""
    return config.width * min(8, interface.resolution // (2 * side))


def _attention(
    setting: str, asked: tuple[int, ...] | None, usual: tuple[int, ...], maps: list[int]
) -> tuple[int, ...]:
    """Decide which feature maps get self-attention."""
    if asked is None:
        return tuple(side for side in usual if side in maps)
    for side in asked:
        if side not in maps:
            existing = ", ".join(str(number) for number in maps)
            raise ConfigError(
                f"'model.{setting}' asks for attention at {side}x{side}, but the feature maps of "
                f"this network have the sides {existing}. Choose among them, or [] for none."
            )
    return asked


def _check(interface: Interface) -> None:
    """Refuse images that SAGAN is not made for."""
    if interface.resolution not in RESOLUTIONS:
        sides = ", ".join(str(side) for side in RESOLUTIONS)
        raise ConfigError(
            f"Model 'sagan' makes images with a side of {sides} pixels, not {interface.resolution};"
            " set the data set's resolution to one of these."
        )
    if not 1 <= interface.channels <= MAX_CHANNELS:
        raise ConfigError(
            f"Model 'sagan' makes images of 1 to {MAX_CHANNELS} channels, not {interface.channels}."
        )
