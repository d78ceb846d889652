"""Which feature maps of a network get self-attention."""

from collections.abc import Sequence

from ganx import ConfigError


def attention_sides(
    setting: str, asked: Sequence[int] | None, usual: Sequence[int], maps: Sequence[int]
) -> tuple[int, ...]:
    """Choose the sides: those that were asked for, or the usual ones that exist.

    ``maps`` are the sides of the network's feature maps. Raises ``ConfigError`` that names the
    ``setting`` for a side that none of them has.
    """
    if asked is None:
        return tuple(side for side in usual if side in maps)
    for side in asked:
        if side not in maps:
            existing = ", ".join(str(number) for number in maps)
            raise ConfigError(
                f"'model.{setting}' asks for attention at {side}x{side}, but the feature maps of "
                f"this network have the sides {existing}. Choose among them, or [] for none."
            )
    return tuple(asked)
