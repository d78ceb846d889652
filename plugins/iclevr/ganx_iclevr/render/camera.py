"""CLEVR's camera: a pinhole that looks at the origin, its 4:3 frame squeezed to the picture.

Lens and place are those of the Blender scene that CLEVR was made with (Johnson et al., CVPR 2017,
clevr-dataset-gen): 35 mm lens, 32 mm sensor, camera at (7.481, -6.508, 5.344).
World units throughout; z is up and the ground is z = 0.
"""

from typing import NamedTuple

import torch
from torch import Tensor

PLACE = (7.48113, -6.50764, 5.34367)
JITTER = 0.5
FRAME_WIDTH = 32.0 / 35.0
FRAME_HEIGHT = FRAME_WIDTH * 0.75


class Vector(NamedTuple):
    """Three tensors of shapes that broadcast: a field of points or directions, one axis each.

    Only sums, products, quotients and square roots are taken of them. Those round the same way in
    every vector unit, so that a pixel's value does not depend on where in a tensor it stands.
    """

    x: Tensor
    y: Tensor
    z: Tensor

    def dot(self, other: "Vector") -> Tensor:
        """Take the inner product at every point."""
        return self.x * other.x + self.y * other.y + self.z * other.z

    def minus(self, other: "Vector") -> "Vector":
        """Take the difference at every point."""
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def plus(self, other: "Vector") -> "Vector":
        """Take the sum at every point."""
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def along(self, direction: "Vector", distance: Tensor) -> "Vector":
        """Go a distance along a direction, in multiples of its length."""
        return Vector(
            self.x + distance * direction.x,
            self.y + distance * direction.y,
            self.z + distance * direction.z,
        )

    def times(self, factor: Tensor | float) -> "Vector":
        """Scale the vectors."""
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def turned(self, cosine: Tensor, sine: Tensor) -> "Vector":
        """Turn the vectors about the vertical axis by minus the given angle."""
        x, y = cosine * self.x + sine * self.y, cosine * self.y - sine * self.x
        return Vector(x, y, self.z.expand_as(x))

    def spread(self, dimensions: int) -> "Vector":
        """Add so many axes of length one at the end."""
        index = (...,) + (None,) * dimensions
        return Vector(self.x[index], self.y[index], self.z[index])

    def each(self, count: int) -> "Vector":
        """Repeat every vector [S] so many times in a row, [S * count]."""
        return Vector(*(part.repeat_interleave(count) for part in self))

    def at(self, index: Tensor) -> "Vector":
        """Choose some of the vectors along the first axis."""
        return Vector(self.x[index], self.y[index], self.z[index])


def vector(values: Tensor) -> Vector:
    """Take a tensor [..., 3] as a Vector of [...]."""
    return Vector(values[..., 0], values[..., 1], values[..., 2])


class Camera(NamedTuple):
    """Where a camera is and its three axes; right and up reach across the whole frame."""

    place: Vector
    forward: Vector
    right: Vector
    up: Vector

    def turned(self, centre: Vector, cosine: Tensor, sine: Tensor) -> "Camera":
        """Place the camera as an object at a centre sees it that is turned by an angle."""
        place = self.place.minus(centre)
        axes = (place, self.forward, self.right, self.up)
        return Camera(*(axis.turned(cosine, sine) for axis in axes))

    def each(self, count: int) -> "Camera":
        """Repeat every camera [S] so many times in a row, [S * count]."""
        return Camera(*(part.each(count) for part in self))

    def at(self, index: Tensor) -> "Camera":
        """Choose some of the cameras."""
        return Camera(*(part.at(index) for part in self))

    def spread(self, dimensions: int) -> "Camera":
        """Add so many axes of length one to every tensor."""
        return Camera(*(part.spread(dimensions) for part in self))


def look_at_origin(place: Tensor) -> Camera:
    """Set up cameras at places [..., 3] that look at the origin and stand upright."""
    at = vector(place)
    ground = at.x * at.x + at.y * at.y
    ahead = at.times(-1.0 / torch.sqrt(ground + at.z * at.z))
    flat = 1.0 / torch.sqrt(ground)
    right = Vector(-at.y * flat, at.x * flat, torch.zeros_like(flat))
    # The cross product of right and ahead, right being level.
    up = Vector(right.y * ahead.z, -right.x * ahead.z, right.x * ahead.y - right.y * ahead.x)
    return Camera(at, ahead, right.times(FRAME_WIDTH), up.times(FRAME_HEIGHT))


def rays(camera: Camera, across: Tensor, down: Tensor) -> Vector:
    """Send rays through frame positions: 0 to 1 from the left and from the top."""
    side, height = across - 0.5, 0.5 - down
    return Vector(
        *(
            (forward + side * right) + height * up
            for forward, right, up in zip(camera.forward, camera.right, camera.up, strict=True)
        )
    )


def project(camera: Camera, points: Vector) -> tuple[Tensor, Tensor]:
    """Find frame positions of points, from the left and the top; 0 to 1 is in the picture."""
    offset = points.minus(camera.place)
    depth = offset.dot(camera.forward)
    across = offset.dot(camera.right) / (depth * FRAME_WIDTH**2)
    down = offset.dot(camera.up) / (depth * FRAME_HEIGHT**2)
    return across + 0.5, 0.5 - down
