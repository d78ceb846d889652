"""Scenes: what stands where, seen and lit from where, drawn by the rules of CLEVR and i-CLEVR.

A whole layout is drawn at a time and drawn again until it obeys the rules, each try with numbers
of its own, so that scene k of a seed is the same however many scenes are drawn with it.
"""

import math
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .camera import JITTER, PLACE
from .counter import Floats, Integers, uniforms
from .labels import COLOURS, OBJECTS_PER_SCENE, draw_objects
from .lighting import LAMP_JITTER, LAMPS
from .shapes import GIRTHS

# How far from the origin, along each axis, objects stand: CLEVR's; the first one's, i-CLEVR's.
REACH = 3.0
CENTRE_REACH = 0.1
# CLEVR's least distance between surfaces, and between centres from the side and from the front.
GAP = 0.25
MARGIN = 0.4

_SURROUNDINGS, _TRIES = 1, 2
_LAYOUTS = 48


@dataclass(frozen=True)
class Scenes:
    """S scenes. Lengths are in world units; the ground is z = 0."""

    shape_index: Tensor
    """[S, 3] positions in SHAPES."""
    colour_index: Tensor
    """[S, 3] positions in COLOURS."""
    position: Tensor
    """[S, 3, 2] where each object stands on the ground."""
    facing: Tensor
    """[S, 3, 2] cosine and sine of each object's rotation about its axis."""
    camera: Tensor
    """[S, 3] where the camera is; it looks at the origin."""
    lamps: Tensor
    """[S, 3, 3] where the key, fill and back lamp are."""

    def __len__(self) -> int:
        """Count the scenes."""
        return len(self.camera)

    def to(self, device: torch.device | str) -> "Scenes":
        """Copy the scenes to a device."""
        return Scenes(*(getattr(self, field.name).to(device) for field in fields(self)))

    def replace(self, index: Tensor, others: "Scenes") -> None:
        """Put other scenes in the places index."""
        for field in fields(self):
            getattr(self, field.name)[index] = getattr(others, field.name)


def draw_surroundings(seed: int, scenes: Integers) -> tuple[Floats, Floats]:
    """Draw cameras [S, 3] and lamps [S, 3, 3] of scenes, each coordinate jittered evenly."""
    numbers = 2.0 * uniforms(seed, scenes, _SURROUNDINGS, 12) - 1.0
    cameras = np.asarray(PLACE) + JITTER * numbers[:, :3]
    lamps = np.asarray(LAMPS) + np.asarray(LAMP_JITTER) * numbers[:, 3:].reshape(-1, 3, 3)
    return cameras, lamps


def _well_apart(position: Floats, girth: Floats) -> NDArray[np.bool_]:
    """Tell whether objects of girths [S, 3] stand well apart in layouts [S, L, 3, 2]: [S, L]."""
    good = np.ones(position.shape[:2], dtype=np.bool_)
    ahead = -np.asarray(PLACE[:2]) / math.hypot(*PLACE[:2])
    for first in range(OBJECTS_PER_SCENE):
        for second in range(first):
            apart = position[:, :, first] - position[:, :, second]
            depth = apart[..., 0] * ahead[0] + apart[..., 1] * ahead[1]
            side = apart[..., 1] * ahead[0] - apart[..., 0] * ahead[1]
            least = girth[:, first, None] + girth[:, second, None] + GAP
            good &= depth * depth + side * side > least * least
            good &= (np.abs(depth) > MARGIN) & (np.abs(side) > MARGIN)
    return good


def draw_layouts(
    seed: int, scenes: Integers, girth: Floats, attempt: int
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Lay out objects of girths [S, 3]: position [S, 3, 2], angle in radians [S, 3], if good [S].

    The first object stands at the centre, as i-CLEVR's first instruction says ("add a purple
    sphere at the center"); the others anywhere within reach.
    """
    numbers = uniforms(seed, scenes, _TRIES + attempt, _LAYOUTS * 9).reshape(-1, _LAYOUTS, 3, 3)
    reach = np.asarray([CENTRE_REACH] + [REACH] * (OBJECTS_PER_SCENE - 1))[:, None]
    position = (2.0 * numbers[..., :2] - 1.0) * reach
    good = _well_apart(position, girth)
    chosen = good.argmax(axis=1)
    rows = np.arange(len(scenes))
    angle = numbers[rows, chosen, :, 2] * (2.0 * math.pi)
    return position[rows, chosen], angle, good[rows, chosen]


def assemble(seed: int, scenes: Integers, attempt: int) -> tuple[Scenes, NDArray[np.bool_]]:
    """Lay the scenes out for one attempt, and say which of them keep their distances."""
    objects = draw_objects(seed, scenes)
    girth = np.asarray(GIRTHS)[objects // len(COLOURS)]
    cameras, lamps = draw_surroundings(seed, scenes)
    position, angle, good = draw_layouts(seed, scenes, girth, attempt)
    # libm, number by number: a vector unit's sine may depend on where the number stands.
    facing = [[(math.cos(value), math.sin(value)) for value in row] for row in angle.tolist()]
    drawn = Scenes(
        shape_index=torch.from_numpy(objects // len(COLOURS)),
        colour_index=torch.from_numpy(objects % len(COLOURS)),
        position=torch.from_numpy(position).float(),
        facing=torch.tensor(facing, dtype=torch.float32),
        camera=torch.from_numpy(cameras).float(),
        lamps=torch.from_numpy(lamps).float(),
    )
    return drawn, good
