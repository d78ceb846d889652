"""CLEVR's three area lamps: where they stand and what light they give.

The lamps point as in CLEVR's Blender scene, of which Kubric has a copy (Greff et al., CVPR 2022). A
least-squares fit to the background of a real i-CLEVR image (root mean square difference 1.5 of 255)
puts all three about a unit lower; it also gives each lamp's light and that of the surroundings. All
light is linear and relative to the ground, whose reflectance is folded in.
"""

import math
from typing import NamedTuple

from torch import Tensor

from .camera import Vector, vector

# Key, fill and back lamp: where they are, and where CLEVR has them.
LAMPS = ((6.44671, -2.90517, 3.3), (-4.67112, -4.0136, 2.05), (-1.1685, 2.64602, 4.85))
_AIMED_FROM = (
    (6.44671, -2.90517, 4.2584),
    (-4.67112, -4.0136, 3.01122),
    (-1.1685, 2.64602, 5.81574),
)
LAMP_JITTER = (1.0, 1.0, 0.5)
LAMP_LIGHT = ((3.74, 3.48, 2.92), (1.05, 1.13, 1.43), (2.81, 2.79, 2.70))
SURROUNDINGS = (0.1365, 0.1365, 0.1365)


class Lamp(NamedTuple):
    """A lamp of every scene, or as every object sees it: its place and unit direction."""

    place: Vector
    axis: Vector

    def spread(self, dimensions: int) -> "Lamp":
        """Add so many axes of length one at the end."""
        return Lamp(self.place.spread(dimensions), self.axis.spread(dimensions))

    def each(self, count: int) -> "Lamp":
        """Repeat the lamp of every scene [S] so many times in a row, [S * count]."""
        return Lamp(self.place.each(count), self.axis.each(count))

    def turned(self, centre: Vector, cosine: Tensor, sine: Tensor) -> "Lamp":
        """Place the lamp as an object at a centre sees it that is turned by an angle."""
        place = self.place.minus(centre).turned(cosine, sine)
        return Lamp(place, self.axis.turned(cosine, sine))

    def at(self, index: Tensor) -> "Lamp":
        """Choose the lamp of some of the scenes or objects."""
        return Lamp(self.place.at(index), self.axis.at(index))


def hang_lamps(places: Tensor) -> tuple[Lamp, ...]:
    """Hang scenes' lamps [S] at places [S, 3, 3]; jitter moves a lamp but does not turn it."""
    lamps = []
    for place, origin in zip(places.unbind(1), _AIMED_FROM, strict=True):
        length = math.hypot(*origin)
        axis = place.new_tensor([-value / length for value in origin])
        lamps.append(Lamp(vector(place), vector(axis.expand_as(place))))
    return tuple(lamps)


def arriving_light(lamp: Lamp, points: Vector, normal: Vector) -> Tensor:
    """Find the light from a small area lamp at points of a surface: two cosines over the square."""
    towards = lamp.place.minus(points)
    square = towards.dot(towards)
    facing = towards.dot(normal)
    leaving = towards.dot(lamp.axis).neg_().clamp_(min=0.0)
    return leaving.mul_(facing.clamp(min=0.0)).div_(square * square)
