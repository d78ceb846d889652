"""What a face looks like, as numbers: all that chance decides about it but its two labels."""

import math
from dataclasses import dataclass

from ganx_animefaces.draw.chance import Chance
from ganx_animefaces.draw.colours import (
    SKINS,
    Colour,
    Tones,
    eye_tones,
    hair_tones,
    jittered,
    skin_tones,
)
from ganx_animefaces.draw.scenery import BACKDROPS, scenery_colours

CHANCES = 64
"""How many random numbers a face has; more than it takes."""

BACKS = ("long", "bob", "short", "tails", "ponytail", "wavy", "spiky", "buns")
FRINGES = ("blunt", "tufts", "swept", "parted", "spiky", "crossed")
MOUTHS = ("smile", "smile", "open", "open", "flat", "small", "cat", "grin", "sad")
EXTRAS = ("none", "none", "none", "none", "ribbon", "clip", "band", "ears")
CLOTHES: tuple[Colour, ...] = (
    (44, 52, 92),
    (238, 238, 242),
    (150, 40, 56),
    (70, 74, 82),
    (110, 150, 120),
    (226, 190, 120),
    (120, 160, 210),
)


@dataclass(frozen=True)
class Pose:
    """How the head is held."""

    angle: float
    """Tilt in radians."""
    scale: float
    shift: tuple[float, float]
    turn: float
    """How far the features are shifted to one side, as a head that is turned shows them."""
    flip: bool


@dataclass(frozen=True)
class Hair:
    """The hair: its tones and cut."""

    tones: Tones
    back: str
    fringe: str
    wobble: tuple[float, ...]
    """Eight numbers in -1 to 1 that make no two fringes alike."""
    lock: float
    """Where the locks beside the face end."""
    sprout: bool
    """Whether a hair stands up on top of the head."""


@dataclass(frozen=True)
class Expression:
    """Eyes, brows and mouth."""

    eyes: Tones
    openness: float
    slant: float
    gaze: tuple[float, float]
    brow: float
    brow_slant: float
    mouth: str
    mouth_size: float
    blush: bool


@dataclass(frozen=True)
class Face:
    """A whole face and what is around it."""

    pose: Pose
    hair: Hair
    expression: Expression
    skin: Tones
    width: float
    chin: float
    clothes: Colour
    extra: str
    extra_colour: Colour
    backdrop: str
    backdrop_colours: tuple[Colour, Colour]
    backdrop_place: tuple[float, float]


def make_face(hair: int, eyes: int, chance: Chance) -> Face:
    """Make a face with a hair and an eye colour, by their indices, and let chance do the rest."""
    return Face(
        pose=_pose(chance),
        hair=_hair(hair, chance),
        expression=_expression(eyes, chance),
        skin=skin_tones(chance.pick(SKINS)),
        width=chance.between(0.54, 0.61),
        chin=chance.between(0.74, 0.84),
        clothes=jittered(chance.pick(CLOTHES), chance),
        extra=chance.pick(EXTRAS),
        extra_colour=jittered(chance.pick(CLOTHES[1:]), chance),
        backdrop=chance.pick(BACKDROPS),
        backdrop_colours=scenery_colours(chance),
        backdrop_place=(chance.around(0.9), chance.around(0.9)),
    )


def _pose(chance: Chance) -> Pose:
    """Hold the head."""
    return Pose(
        angle=math.radians(chance.around(11.0)),
        scale=chance.between(0.98, 1.16),
        shift=(chance.around(0.08), chance.between(-0.04, 0.1)),
        turn=chance.around(1.0),
        flip=chance.happens(0.5),
    )


def _hair(hair: int, chance: Chance) -> Hair:
    """Cut the hair."""
    return Hair(
        tones=hair_tones(hair, chance),
        back=chance.pick(BACKS),
        fringe=chance.pick(FRINGES),
        wobble=tuple(chance.around(1.0) for _ in range(8)),
        lock=chance.between(0.3, 1.05),
        sprout=chance.happens(0.3),
    )


def _expression(eyes: int, chance: Chance) -> Expression:
    """Put on a look."""
    return Expression(
        eyes=eye_tones(eyes, chance),
        openness=chance.between(0.86, 1.06),
        slant=chance.around(0.05),
        gaze=(chance.around(0.02), chance.around(0.012)),
        brow=chance.between(-0.04, 0.03),
        brow_slant=chance.around(0.045),
        mouth=chance.pick(MOUTHS),
        mouth_size=chance.between(0.85, 1.2),
        blush=chance.happens(0.6),
    )
