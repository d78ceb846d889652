"""InfoGAN: codes in the latent that a third network, Q, must find again in the image.

Chen et al., "InfoGAN: Interpretable Representation Learning by Information Maximizing Generative
Adversarial Nets", arXiv:1606.03657, in the form of report 001. Q shares D's trunk and is one more
head of D, but its own parameters are the generator's optimizer's.

Shapes
    R   the images' resolution; C their channels
    r   the side of a hidden feature map: 4, 8, ..., R / 2
    z   [B, Z] noise, then the categorical code, then the continuous ones
    G   [B, Z, 1, 1] -> [B, ch(4), 4, 4] -> ... -> [B, ch(R / 2), R / 2, R / 2] -> [B, C, R, R]
    D   [B, C, R, R] -> [B, ch(R / 2), R / 2, R / 2] -> ... -> [B, ch(4), 4, 4] -> [B]
    Q   [B, ch(4), 4, 4] -> [B, q_hidden] -> [B, q_features] -> each head [B, size of its code]
    ch  ch(r) = width * min(8, R / 2 / r)
"""

from torch import Tensor, nn

from ganx import (
    ConfigError,
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
    initialise_normal,
)
from ganx_infogan.config import NOISE, STYLE, InfoganConfig
from ganx_infogan.recognition import Recognition

SLOPE = 0.2


class Discriminator(nn.Module):
    """D(images [B, C, R, R]) to a logit [B] and Q's heads."""

    def __init__(
        self, interface: Interface, codes: tuple[LatentPart, ...], config: InfoganConfig
    ) -> None:
        super().__init__()
        smallest = hidden_sides(interface.resolution)[0]
        channels = channels_at(smallest, interface.resolution, config.width)
        self.trunk = nn.Sequential(*_trunk_layers(interface, config))
        self.head = nn.Conv2d(channels, 1, smallest, bias=False)
        self.recognition = Recognition(channels * smallest**2, codes, config)

    def forward(self, images: Tensor) -> Critique:
        """Say how real the images are, and which codes they seem to show."""
        features = self.trunk(images)
        return Critique(self.head(features).flatten(), self.recognition(features.flatten(1)))


def build(interface: Interface, config: InfoganConfig) -> Networks:
    """Build InfoGAN for a data set's images.

    Raises ``ConfigError`` for a data set with labels, a resolution that is not 32, 64, 128 or
    256, more than 4 channels, or a latent without any code.
    """
    check_images("infogan", interface)
    check_conditional("infogan", interface, wanted=False)
    codes = _codes(config)
    latent = Latent((LatentPart(NOISE, "uniform", config.noise_size), *codes))
    generator = ConvolutionalGenerator(None, _generator_layers(latent.size, interface, config))
    discriminator = Discriminator(interface, codes, config)
    if config.init_sigma:
        initialise_normal(generator, config.init_sigma)
        initialise_normal(discriminator, config.init_sigma)
    owners: dict[str, tuple[nn.Module, ...]] = {
        "generator": (generator, discriminator.recognition),
        "discriminator": (discriminator.trunk, discriminator.head),
    }
    return Networks(generator, discriminator, latent, owners)


def _codes(config: InfoganConfig) -> tuple[LatentPart, ...]:
    """List the parts of the latent that Q is to recover."""
    category = LatentPart(config.category_name, "categorical", config.categories)
    style = LatentPart(STYLE, "continuous", config.style_size)
    codes = tuple(part for part in (category, style) if part.size)
    if not codes:
        raise ConfigError(
            "'model.categories' and 'model.style_size' are both 0, so that there is no code for "
            "InfoGAN to recover. Give one of them a size, or choose a model without codes, such "
            "as dcgan."
        )
    return codes


def _generator_layers(inputs: int, interface: Interface, config: InfoganConfig) -> list[nn.Module]:
    """List G's layers: one block for each hidden map, then the image."""
    layers: list[nn.Module] = []
    stride, padding = 1, 0
    for side in hidden_sides(interface.resolution):
        outputs = channels_at(side, interface.resolution, config.width)
        convolution = nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=False)
        layers += [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]
        inputs, stride, padding = outputs, 2, 1
    return [*layers, nn.ConvTranspose2d(inputs, interface.channels, 4, 2, 1, bias=False), nn.Tanh()]


def _trunk_layers(interface: Interface, config: InfoganConfig) -> list[nn.Module]:
    """List the layers that D and Q share: one block for each hidden map, the first unnormed."""
    maps = hidden_sides(interface.resolution)[::-1]
    layers: list[nn.Module] = []
    inputs = interface.channels
    for side in maps:
        outputs = channels_at(side, interface.resolution, config.width)
        layers.append(nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False))
        if side != maps[0]:
            layers.append(nn.BatchNorm2d(outputs))
        layers.append(nn.LeakyReLU(SLOPE))
        inputs = outputs
    return layers
