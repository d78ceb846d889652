"""The palettes, and the tones that a colour is drawn in.

The palettes' colours lie so far apart that none reaches a neighbour by the jitter below.
"""

from dataclasses import dataclass

from ganx_animefaces.draw.chance import Chance
from ganx_animefaces.vocabulary import EYES, HAIR

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
NIGHT: Colour = (52, 30, 72)
"""What shadows tend to; not black, which looks dirty on pale colours."""

HAIR_PALETTE: dict[str, Colour] = {
    "orange": (244, 138, 38),
    "white": (242, 240, 246),
    "aqua": (92, 214, 212),
    "gray": (146, 146, 154),
    "green": (74, 166, 74),
    "red": (202, 36, 44),
    "purple": (140, 74, 190),
    "pink": (250, 152, 190),
    "blue": (58, 98, 216),
    "black": (44, 40, 52),
    "brown": (124, 78, 46),
    "blonde": (248, 218, 112),
}

EYE_PALETTE: dict[str, Colour] = {
    "gray": (148, 150, 158),
    "black": (38, 34, 42),
    "orange": (246, 138, 28),
    "pink": (248, 124, 184),
    "yellow": (246, 220, 60),
    "aqua": (62, 212, 214),
    "purple": (146, 70, 204),
    "green": (62, 174, 74),
    "brown": (124, 74, 42),
    "red": (212, 28, 38),
    "blue": (50, 92, 222),
}

SKINS: tuple[Colour, ...] = (
    (255, 236, 222),
    (255, 226, 206),
    (252, 214, 188),
    (240, 196, 164),
    (216, 164, 128),
    (178, 124, 92),
)

JITTER_OF_ALL = 9.0
"""How much lighter or darker a hair or eye colour may be, in steps of 255."""

JITTER_OF_EACH = 7.0
"""How much each of red, green and blue may stray besides."""


@dataclass(frozen=True)
class Tones:
    """One colour in the light and in the shade, as cel animation has it."""

    base: Colour
    shade: Colour
    light: Colour
    line: Colour


def hair_tones(hair: int, chance: Chance) -> Tones:
    """Take a hair colour of the palette, a little astray."""
    base = jittered(HAIR_PALETTE[HAIR[hair]], chance)
    return Tones(base, mix(base, NIGHT, 0.24), mix(base, WHITE, 0.42), mix(base, NIGHT, 0.62))


def eye_tones(eyes: int, chance: Chance) -> Tones:
    """Take an eye colour of the palette, a little astray."""
    base = jittered(EYE_PALETTE[EYES[eyes]], chance)
    return Tones(base, mix(base, NIGHT, 0.42), mix(base, WHITE, 0.26), mix(base, (20, 8, 28), 0.74))


def skin_tones(skin: Colour) -> Tones:
    """Make the tones of a skin: shades are warm."""
    red = (190, 70, 80)
    return Tones(skin, mix(skin, red, 0.22), mix(skin, WHITE, 0.3), mix(skin, (96, 36, 44), 0.62))


def jittered(colour: Colour, chance: Chance) -> Colour:
    """Stray from a colour within the bounds."""
    level = chance.around(JITTER_OF_ALL)
    red, green, blue = (_channel(value + level + chance.around(JITTER_OF_EACH)) for value in colour)
    return red, green, blue


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Blend: ``share`` of the second colour, the rest of the first."""
    return (
        round(first[0] + (second[0] - first[0]) * share),
        round(first[1] + (second[1] - first[1]) * share),
        round(first[2] + (second[2] - first[2]) * share),
    )


def _channel(value: float) -> int:
    """Round to what a pixel can hold."""
    return max(0, min(255, round(value)))
