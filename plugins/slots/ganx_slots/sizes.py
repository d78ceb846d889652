"""How large the parts are for a data set's images and conditions."""

from ganx import Condition, ConfigError
from ganx_slots.config import SlotsConfig

RESOLUTIONS = (32, 64, 128)

_FREE_SLOTS = 4
_SMALL, _LARGE = 0.3, 0.7


def slots_of(condition: Condition, config: SlotsConfig) -> int:
    """Return the number of slots.

    Raises ``ConfigError`` for fewer than an image's labels, or any number but the groups' own.
    """
    if condition.kind == "none":
        return config.slots or _FREE_SLOTS
    needed = condition.at_once
    if condition.kind == "labels":
        if 0 < config.slots < min(condition.most, condition.size):
            raise ConfigError(
                f"model.slots is {config.slots}, but images of the data set show up to "
                f"{condition.most} labels. Give at least as many slots, or leave model.slots at 0."
            )
        return min(config.slots, condition.size) or needed
    if config.slots not in {0, needed}:
        raise ConfigError(
            f"model.slots is {config.slots}, but each of the {needed} groups of the data set's "
            "condition has one slot. Leave model.slots at 0."
        )
    return needed


def object_size(condition: Condition, config: SlotsConfig) -> float:
    """Return an object's usual side as a share of the image's."""
    several = condition.kind in {"labels", "none"}
    return config.object_size or (_SMALL if several else _LARGE)
