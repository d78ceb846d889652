"""DiffAugment's policies as specs."""

from typing import TYPE_CHECKING

from ganx.builtin.augmentations.settings import CutoutConfig, TranslationConfig
from ganx.contracts.specs import AugmentationSpec, NoConfig

if TYPE_CHECKING:
    from ganx.contracts.augmentation import Augmentation
    from ganx.contracts.interface import Interface


def _color(interface: "Interface", config: NoConfig) -> "Augmentation":
    from ganx.builtin.augmentations.diff_augment import Color

    del interface, config
    return Color()


def _translation(interface: "Interface", config: TranslationConfig) -> "Augmentation":
    from ganx.builtin.augmentations.diff_augment import Translation

    del interface
    return Translation(config)


def _cutout(interface: "Interface", config: CutoutConfig) -> "Augmentation":
    from ganx.builtin.augmentations.diff_augment import Cutout

    del interface
    return Cutout(config)


SPECS = (
    AugmentationSpec("color", "DiffAugment: brightness, saturation and contrast", _color),
    AugmentationSpec(
        "translation", "DiffAugment: a shift by whole pixels", _translation, TranslationConfig
    ),
    AugmentationSpec("cutout", "DiffAugment: a square set to grey", _cutout, CutoutConfig),
)
