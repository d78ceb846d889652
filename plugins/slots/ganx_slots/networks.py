"""The networks of `slots`, for a data set's images and conditions."""

from torch import nn

from ganx import Interface, Latent, LatentPart, Networks, check_images
from ganx_slots.config import SlotsConfig
from ganx_slots.discriminator import SlotDiscriminator
from ganx_slots.generator import SlotGenerator
from ganx_slots.plain import PlainGenerator
from ganx_slots.sizes import RESOLUTIONS, slots_of

_PLAIN_NOISE = 64


def build(interface: Interface, config: SlotsConfig) -> Networks:
    """Build generator and discriminator for a data set's images.

    Raises ``ConfigError`` for a resolution that is not 32, 64 or 128, more than 4 channels, or
    fewer slots than an image of the data set shows labels.
    """
    check_images("slots", interface, RESOLUTIONS)
    slots = slots_of(interface.condition, config)
    if config.generator == "plain":
        latent = Latent((LatentPart("noise", "normal", _PLAIN_NOISE),))
        generator: nn.Module = PlainGenerator(interface, config, latent.size)
        return Networks(generator, SlotDiscriminator(interface, config), latent)
    generator = SlotGenerator(interface, config)
    latent = Latent(
        (
            LatentPart("objects", "normal", generator.owned),
            LatentPart("background", "normal", config.background_noise),
        )
    )
    limit = slots if interface.condition.kind == "labels" else 0
    return Networks(generator, SlotDiscriminator(interface, config), latent, most_labels=limit)
