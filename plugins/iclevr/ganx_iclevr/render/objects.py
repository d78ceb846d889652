"""The objects' light, lamp by lamp, averaged over the samples in each pixel."""

from typing import NamedTuple

import torch
from torch import Tensor

from .camera import Camera, Vector, rays
from .labels import SHAPES
from .lighting import Lamp, arriving_light
from .shapes import meet
from .windows import Windows

# Eight rooks: no two samples share a row or a column, so edges of any slope have nine levels.
SAMPLES = ((1, 5), (3, 15), (5, 9), (7, 1), (9, 13), (11, 7), (13, 3), (15, 11))
_GRID = 16.0
_AT_ONCE = 4


class Lit(NamedTuple):
    """Objects in their windows [N, H, W]; all but `points` count a pixel's uncovered part as 0."""

    coverage: Tensor
    upward: Tensor
    """The normal's z."""
    arriving: tuple[Tensor, ...]
    """Light from each lamp as if nothing stood in its way."""
    points: Vector
    """Where, on average, the covered part of a pixel is."""

    def grouped(self, scenes: int) -> "Lit":
        """Arrange objects [N] as [S, K]."""
        size = (scenes, len(self.coverage) // scenes, *self.coverage.shape[1:])
        return Lit(
            self.coverage.reshape(size),
            self.upward.reshape(size),
            tuple(lamp.reshape(size) for lamp in self.arriving),
            Vector(*(part.reshape(size) for part in self.points)),
        )


class Space(NamedTuple):
    """What objects [N] see, each from its own place: the camera and the lamps."""

    camera: Camera
    lamps: tuple[Lamp, ...]

    def at(self, index: Tensor) -> "Space":
        """Choose the spaces of some of the objects."""
        return Space(self.camera.at(index), tuple(lamp.at(index) for lamp in self.lamps))


def light_objects(shape_index: Tensor, space: Space, windows: Windows) -> Lit:
    """Trace and light objects of shapes [N] in their windows; `points` are in their own spaces."""
    sums = torch.zeros(
        (5 + len(space.lamps), len(shape_index), windows.rows, windows.columns),
        device=shape_index.device,
    )
    for shape in range(len(SHAPES)):
        chosen = torch.nonzero(shape_index == shape)[:, 0]
        own, window = space.at(chosen), windows.at(chosen)
        found: Tensor | float = 0.0
        for first in range(0, len(SAMPLES), _AT_ONCE):
            found = found + _trace(shape, own, window, SAMPLES[first : first + _AT_ONCE])
        sums[:, chosen] = found
    sums *= 1.0 / len(SAMPLES)
    coverage, upward, x, y, z, *arriving = sums.unbind(0)
    share = 1.0 / coverage.clamp(min=1e-6)
    return Lit(coverage, upward, tuple(arriving), Vector(x * share, y * share, z * share))


def _trace(
    shape: int, space: Space, windows: Windows, samples: tuple[tuple[int, int], ...]
) -> Tensor:
    """Sum [5 + L, N, H, W] over samples: covered, normal's z, place, light from each lamp."""
    across, down = windows.frame_positions([(x / _GRID, y / _GRID) for x, y in samples])
    camera = space.camera.spread(3)
    ray = rays(camera, across, down)
    met, distance, normal = meet(shape, camera.place, ray)
    # A ray that misses may have met a plane at infinity; 0 times that would be no number.
    points = camera.place.along(ray, torch.where(met > 0, distance, 1.0))
    values = [met, normal.z * met, points.x * met, points.y * met, points.z * met]
    lit = (arriving_light(lamp.spread(3), points, normal) for lamp in space.lamps)
    values += [light.mul_(met) for light in lit]
    return torch.stack([_sum_samples(value) for value in values])


def _sum_samples(values: Tensor) -> Tensor:
    """Sum over axis 1 in order, for a reduction's order is the library's affair."""
    first, *rest = values.unbind(1)
    total = first.clone()
    for value in rest:
        total += value
    return total
