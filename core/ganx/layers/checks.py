"""What a model refuses before it is built: images and conditions that it is not made for."""

from collections.abc import Sequence

from ganx.config import Config
from ganx.contracts.interface import Interface
from ganx.errors import ConfigError
from ganx.remedies import Remedy

RESOLUTIONS = (32, 64, 128, 256)
MAX_CHANNELS = 4


def check_images(
    model: str, interface: Interface, resolutions: Sequence[int] = RESOLUTIONS
) -> None:
    """Refuse images that a model is not made for.

    Raises ``ConfigError`` for a resolution that is not listed, or other than 1 to 4 channels.
    """
    if interface.resolution not in resolutions:
        sides = ", ".join(str(side) for side in resolutions)
        raise ConfigError(
            f"Model {model!r} makes images with a side of {sides} pixels, not "
            f"{interface.resolution}; set the data set's resolution to one of these."
        )
    if not 1 <= interface.channels <= MAX_CHANNELS:
        raise ConfigError(
            f"Model {model!r} makes images of 1 to {MAX_CHANNELS} channels, not "
            f"{interface.channels}."
        )


def check_conditional(model: str, interface: Interface, *, wanted: bool) -> None:
    """Refuse labels for a model that has no use for them, and their absence for one that has.

    Raises ``ConfigError``.
    """
    if wanted and not interface.condition.size:
        raise ConfigError(
            f"Model {model!r} learns from labels, but the data set has none. Choose a data set "
            "with labels (dataset.labels=true where that is a setting), or a model without them."
        )
    if not wanted and interface.condition.size:
        raise ConfigError(
            f"Model {model!r} takes no labels, but the data set has {interface.condition.size}.",
            remedy=Remedy(
                "train-without-labels",
                "Train without them (dataset.labels=false), or choose a model that takes them.",
            ),
        )


def refuse_unused(config: Config, names: Sequence[str], where: str) -> None:
    """Refuse settings that would do nothing: those of ``names`` that are not at their defaults.

    ``where`` names the setting that leaves them without use. Raises ``ConfigError``.
    """
    fields = type(config).model_fields
    changed = [name for name in names if getattr(config, name) != fields[name].default]
    if changed:
        listed = ", ".join(f"model.{name}" for name in changed)
        raise ConfigError(
            f"{listed} would do nothing with {where}. Leave it out, or change {where}."
        )
