"""Which augmentations a run asks for, and their settings."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ganx.config import Config, validated
from ganx.contracts.specs import AugmentationSpec
from ganx.errors import ConfigError, nearest, unknown


class ChosenAugmentation(NamedTuple):
    """One augmentation with everything that is needed to build it."""

    spec: AugmentationSpec
    config: Config


def chosen_augmentations(
    names: Sequence[str],
    settings: Mapping[str, Mapping[str, Any]],
    registry: Mapping[str, AugmentationSpec],
) -> tuple[ChosenAugmentation, ...]:
    """Look up and check every augmentation without building any.

    Raises ``ConfigError`` for one that no plugin provides, for wrong settings, and for settings of
    one that is not asked for: they would silently do nothing.
    """
    for name in names:
        if name not in registry:
            problem = unknown("augmentation", name, registry)
            raise ConfigError(f"train.diff_augment: {problem}")
    for name in settings:
        if name not in names:
            raise ConfigError(
                f"'train.augmentations.{name}' sets an augmentation that is not in "
                f"train.diff_augment.{nearest(name, names)} Add {name!r} to that, or drop this."
            )
    return tuple(
        ChosenAugmentation(registry[name], _config(registry[name], settings)) for name in names
    )


def _config(spec: AugmentationSpec, settings: Mapping[str, Mapping[str, Any]]) -> Config:
    return validated(
        spec.config, dict(settings.get(spec.name, {})), f"train.augmentations.{spec.name}"
    )
