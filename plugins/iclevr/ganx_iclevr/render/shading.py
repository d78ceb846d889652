"""The objects' colours in each picture: their own light less the shadows of the others."""

import torch
from torch import Tensor

from .camera import Vector
from .labels import OBJECTS_PER_SCENE
from .lighting import LAMP_LIGHT, SURROUNDINGS, Lamp
from .objects import Lit
from .shadows import Blockers

# How bright the objects' material is beside the ground's, and the light that the ground throws back
# up beside that of the surroundings. Both were fitted to the objects of real i-CLEVR images.
OBJECT_LIGHT = 1.255
GROUND_LIGHT = 1.1


def shade(lit: Lit, lamps: tuple[Lamp, ...], blockers: Blockers, colours: Tensor) -> Tensor:
    """Light each object in each picture, linearly [S, K, K, C, H, W], times its coverage.

    lit: objects [S, K]; lamps: [S, 1, 1, 1, 1]; blockers: [S, 1, K, 1, 1], all of a scene's for
    each of its objects; colours: what the objects throw back, [S, K, C].
    """
    light = _from_around(lit)
    points = Vector(*(part[:, :, None] for part in lit.points))
    itself = torch.eye(OBJECTS_PER_SCENE, device=colours.device)[:, :, None, None]
    for lamp, tint, arriving in zip(lamps, LAMP_LIGHT, lit.arriving, strict=True):
        seen = torch.maximum(1.0 - blockers.shadow(points, lamp.place), itself)
        left = arriving
        for count in range(OBJECTS_PER_SCENE):
            left = left * seen[:, :, count]
            for channel, strength in enumerate(tint):
                light[:, :, count, channel] += left * strength
    return light.mul_((OBJECT_LIGHT * colours)[:, :, None, :, None, None])


def _from_around(lit: Lit) -> Tensor:
    """Find the light [S, K, K, C, H, W] from the surroundings above and the ground below."""
    around = 0.5 * (1.0 + GROUND_LIGHT) * lit.coverage + 0.5 * (1.0 - GROUND_LIGHT) * lit.upward
    level = around.new_tensor(SURROUNDINGS)[:, None, None]
    return (around[:, :, None, None] * level).repeat(1, 1, OBJECTS_PER_SCENE, 1, 1, 1)
