"""The entry module: adaptive augmentation as a spec. Loads no torch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ganx import AugmentationSpec, ConfigError, hookimpl
from ganx_ada.config import AdaConfig

if TYPE_CHECKING:
    from ganx import Augmentation, Interface

COLORED = (1, 3)
"""Channels of images whose colours can be changed."""


def build(interface: "Interface", config: AdaConfig) -> "Augmentation":
    """Build it. Raises ``ConfigError`` for colours of images that have none."""
    from ganx_ada.adaptive import AdaptiveAugmentation

    if "color" in config.groups and interface.channels not in COLORED:
        raise ConfigError(
            f"ada changes colours of images of 1 or 3 channels, not {interface.channels}. "
            'Set train.augmentations.ada.groups to ["blit", "geometry"].'
        )
    return AdaptiveAugmentation(config)


ADA = AugmentationSpec(
    "ada", "Changes images more often the more D overfits: for few images", build, AdaConfig
)


@hookimpl
def ganx_augmentations() -> Iterator[AugmentationSpec]:
    """Provide adaptive augmentation."""
    yield ADA
