"""The form of SAGAN that learns its labels within minutes, with its attention and spectral norm.

Both networks work on 32x32 cells; noise and labels scale and shift G's maps; D is asked where each
label shows. `ganx.layers.styled` and `ganx.layers.evidential` have the shapes.
"""

from ganx import (
    EVIDENTIAL_SIDES,
    STYLED_SIDES,
    EvidentialDiscriminator,
    Interface,
    Latent,
    LatentPart,
    Networks,
    StyledGenerator,
)
from ganx_sagan.attention import attention_sides
from ganx_sagan.config import SaganConfig

_GENERATOR_ATTENTION, _DISCRIMINATOR_ATTENTION = (16,), (8,)


def build(interface: Interface, config: SaganConfig) -> Networks:
    """Build both networks for images that have been checked.

    Raises ``ConfigError`` for attention at a feature map that does not exist.
    """
    seen = attention_sides(
        "generator_attention", config.generator_attention, _GENERATOR_ATTENTION, STYLED_SIDES
    )
    judged = attention_sides(
        "discriminator_attention",
        config.discriminator_attention,
        _DISCRIMINATOR_ATTENTION,
        EVIDENTIAL_SIDES,
    )
    generator = StyledGenerator(
        interface,
        config.latent_size,
        config.width,
        spectral_norm=config.spectral_norm_generator,
        attention=seen,
    )
    discriminator = EvidentialDiscriminator(
        interface,
        config.width,
        spectral_norm=config.spectral_norm_discriminator,
        attention=judged,
    )
    latent = Latent((LatentPart("noise", "normal", config.latent_size),))
    return Networks(generator, discriminator, latent)
