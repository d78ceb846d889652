"""The sides and channels of the residual SAGAN's feature maps.

Shapes: R is the images' resolution; the map of side r has ``width * min(16, R / r)`` channels.
At 128 pixels these are the paper's; other sizes leave out maps, or have more, at the small end.
"""

from typing import NamedTuple

from ganx import Interface, channels_at, hidden_sides
from ganx_sagan.attention import attention_sides
from ganx_sagan.resnet_config import SaganResnetConfig

SMALLEST = 4
_MOST_WIDTHS = 16
_ATTENTION = 32


class Stage(NamedTuple):
    """One residual block."""

    inputs: int
    outputs: int
    """Channels before and after it."""

    attention: bool
    """Whether self-attention follows it."""


def channels(side: int, interface: Interface, config: SaganResnetConfig) -> int:
    """Return the channels of G's map of a side, from which D makes one of half the side."""
    return channels_at(side // 2, interface.resolution, config.width, _MOST_WIDTHS)


def up_stages(interface: Interface, config: SaganResnetConfig) -> list[Stage]:
    """List G's blocks, which make maps of the sides 8, 16, ..., R.

    Raises ``ConfigError`` for attention at another side.
    """
    sides = [2 * side for side in hidden_sides(interface.resolution)]
    asked = config.generator_attention
    attended = attention_sides("generator_attention", asked, _usual(interface), sides)
    widths = [channels(side, interface, config) for side in (SMALLEST, *sides)]
    return [Stage(widths[i], widths[i + 1], side in attended) for i, side in enumerate(sides)]


def down_stages(interface: Interface, config: SaganResnetConfig) -> list[Stage]:
    """List D's halving blocks, which make maps of the sides R / 2, ..., 8, 4.

    Raises ``ConfigError`` for attention at another side.
    """
    sides = hidden_sides(interface.resolution)[::-1]
    asked = config.discriminator_attention
    attended = attention_sides("discriminator_attention", asked, _usual(interface), sides)
    widths = [interface.channels, *(channels(2 * side, interface, config) for side in sides)]
    return [Stage(widths[i], widths[i + 1], side in attended) for i, side in enumerate(sides)]


def _usual(interface: Interface) -> list[int]:
    """Choose the paper's side for attention, or the largest that both networks have."""
    return [min(_ATTENTION, interface.resolution // 2)]
