"""Shadows: how much of a lamp, or of the surroundings, the objects hide from a point."""

from typing import NamedTuple

import torch
from torch import Tensor

from .camera import Vector
from .layout import Scenes
from .shapes import CUBE, CUBE_HALF_EDGE, HEIGHTS, RADIUS, SPHERE

# Fitted to the penumbrae in real i-CLEVR images; the blur keeps a shadow's foot from a hard edge.
LAMP_RADIUS = 0.45
_CONTACT_BLUR = 0.01
# A disc as large as a square has this radius for a half edge of 1: 2 / sqrt(pi).
_DISC_OF_SQUARE = 1.128


class Blockers(NamedTuple):
    """Solids as far as shadows go: spheres and cylinders; a cube is a cylinder of its area.

    A ray passes a sphere at its distance from the centre, and a cylinder at its level distance from
    the axis while it is lower than the top. One formula serves both: `level` is 1 for a sphere, for
    which height differences count, and 0 for a cylinder.
    """

    centre: Vector
    radius: Tensor
    height: Tensor
    level: Tensor

    def spread(self, dimensions: int) -> "Blockers":
        """Add so many axes of length one at the end."""
        index = (...,) + (None,) * dimensions
        rest = (part[index] for part in (self.radius, self.height, self.level))
        return Blockers(self.centre.spread(dimensions), *rest)

    def for_each(self) -> "Blockers":
        """Arrange solids [S, K] as [S, 1, K, 1, 1]: all of a scene's for each of its objects."""
        rest = (part[:, None, :, None, None] for part in (self.radius, self.height, self.level))
        return Blockers(Vector(*(part[:, None, :, None, None] for part in self.centre)), *rest)

    def shadow(self, points: Vector, lamp: Vector) -> Tensor:
        """Find the share of a lamp's disc that is hidden from points: 0 lit, 1 in full shadow.

        The penumbra is as wide as the lamp's disc looks from the point at the blocker's distance.
        """
        ray, offset = lamp.minus(points), self.centre.minus(points)
        weighted = self.level * ray.z
        square = ray.x * ray.x + ray.y * ray.y + weighted * ray.z
        nearest = (offset.x * ray.x + offset.y * ray.y + weighted * offset.z).div_(square)
        below = ((self.height - points.z) / ray.z).clamp_(0.0, 1.0)
        nearest = torch.minimum(nearest.clamp_(min=0.0), below)
        miss_x, miss_y = offset.x - nearest * ray.x, offset.y - nearest * ray.y
        miss_z = (offset.z - nearest * ray.z) * self.level
        miss = (miss_x * miss_x + miss_y * miss_y + miss_z * miss_z).sqrt_()
        blur = nearest.mul_(LAMP_RADIUS).add_(_CONTACT_BLUR)
        hidden = miss.sub_(self.radius).div_(blur).mul_(-0.5).add_(0.5).clamp_(0.0, 1.0)
        return hidden * hidden * (3.0 - 2.0 * hidden)

    def covering(self, points: Vector) -> Tensor:
        """Find the share of the sky above level points that the solids hide, as spheres would."""
        offset = self.centre.minus(points)
        square = offset.dot(offset)
        height = offset.z.clamp(min=0.0)
        share = self.radius * self.radius * height / (square * square.sqrt())
        return share.clamp_(max=1.0)


def make_blockers(scenes: Scenes) -> Blockers:
    """Describe the scenes' objects [S, K] as far as shadows go."""
    heights = torch.tensor(HEIGHTS, device=scenes.camera.device)[scenes.shape_index]
    cube = scenes.shape_index == CUBE
    radius = torch.where(cube, CUBE_HALF_EDGE * _DISC_OF_SQUARE, RADIUS)
    centre = Vector(scenes.position[..., 0], scenes.position[..., 1], 0.5 * heights)
    return Blockers(centre, radius, heights, (scenes.shape_index == SPHERE).float())
