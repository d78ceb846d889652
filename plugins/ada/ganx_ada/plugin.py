"""The entry module: adaptive augmentation as a spec. Loads no torch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ganx import AugmentationSpec, hookimpl
from ganx_ada.config import AdaConfig

if TYPE_CHECKING:
    from ganx import Augmentation, Interface


def build(interface: "Interface", config: AdaConfig) -> "Augmentation":
    """Build it for images of any size."""
    from ganx_ada.adaptive import AdaptiveAugmentation

    del interface
    return AdaptiveAugmentation(config)


ADA = AugmentationSpec(
    "ada", "Changes images more often the more D overfits: for few images", build, AdaConfig
)


@hookimpl
def ganx_augmentations() -> Iterator[AugmentationSpec]:
    """Provide adaptive augmentation."""
    yield ADA
