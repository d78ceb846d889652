"""Where rays meet the three solids. Each stands on the ground, its axis at the origin.

Shape legend: rays and hits [N, A, H, W] for N objects, A samples in a pixel and windows of H rows
and W columns. The solids' measures were fitted to the outlines in a real i-CLEVR image.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from .camera import Vector

RADIUS = 0.585
CUBE_HALF_EDGE = 0.56

CUBE, SPHERE, CYLINDER = 0, 1, 2
HEIGHTS = (2 * CUBE_HALF_EDGE, 2 * RADIUS, 2 * RADIUS)
# How far each shape reaches from its axis: a cube, to its corners.
GIRTHS = (2.0**0.5 * CUBE_HALF_EDGE, RADIUS, RADIUS)


class Hits(NamedTuple):
    """Whether a ray meets a solid (1 or 0), how far along it, and the surface's normal there."""

    met: Tensor
    distance: Tensor
    normal: Vector


def _meet_sphere(origin: Vector, ray: Vector) -> Hits:
    """Take the nearer root of |origin + t ray - centre| = radius."""
    offset = Vector(origin.x, origin.y, origin.z - RADIUS)
    square = ray.dot(ray)
    half = offset.dot(ray)
    space = offset.dot(offset) - RADIUS * RADIUS
    discriminant = half * half - square * space
    distance = (-half - discriminant.clamp(min=0.0).sqrt_()) / square
    normal = offset.along(ray, distance).times(1.0 / RADIUS)
    return Hits((discriminant > 0).float(), distance, normal)


def _slab(origin: Tensor, ray: Tensor, low: float, high: float) -> tuple[Tensor, Tensor]:
    """Find where a ray enters and leaves the space between two planes across one axis."""
    inverse = 1.0 / ray
    one, other = (low - origin) * inverse, (high - origin) * inverse
    return torch.minimum(one, other), torch.maximum(one, other)


def _meet_cube(origin: Vector, ray: Vector) -> Hits:
    """Meet the cube by the slab method of Kay and Kajiya (SIGGRAPH 1986)."""
    in_x, out_x = _slab(origin.x, ray.x, -CUBE_HALF_EDGE, CUBE_HALF_EDGE)
    in_y, out_y = _slab(origin.y, ray.y, -CUBE_HALF_EDGE, CUBE_HALF_EDGE)
    in_z, out_z = _slab(origin.z, ray.z, 0.0, HEIGHTS[CUBE])
    distance = torch.maximum(torch.maximum(in_x, in_y), in_z)
    met = distance < torch.minimum(torch.minimum(out_x, out_y), out_z)
    on_top = in_z >= distance
    on_x = (in_x >= distance) & ~on_top
    on_y = ~(on_top | on_x)
    facing_x = torch.where(ray.x > 0, -1.0, 1.0)
    facing_y = torch.where(ray.y > 0, -1.0, 1.0)
    normal = Vector(facing_x * on_x, facing_y * on_y, on_top.float())
    return Hits(met.float(), distance, normal)


def _meet_cylinder(origin: Vector, ray: Vector) -> Hits:
    """Cut the endless cylinder by the slab between its two faces."""
    square = ray.x * ray.x + ray.y * ray.y
    half = origin.x * ray.x + origin.y * ray.y
    space = origin.x * origin.x + origin.y * origin.y - RADIUS * RADIUS
    discriminant = half * half - square * space
    root = discriminant.clamp(min=0.0).sqrt_()
    in_side, out_side = (-half - root) / square, (root - half) / square
    in_z, out_z = _slab(origin.z, ray.z, 0.0, HEIGHTS[CYLINDER])
    distance = torch.maximum(in_side, in_z)
    met = (discriminant > 0) & (distance < torch.minimum(out_side, out_z))
    on_side = (in_side > in_z).float()
    across = on_side * (1.0 / RADIUS)
    normal = Vector(
        (origin.x + distance * ray.x) * across,
        (origin.y + distance * ray.y) * across,
        1.0 - on_side,
    )
    return Hits(met.float(), distance, normal)


def meet(shape: int, origin: Vector, ray: Vector) -> Hits:
    """Find where rays from an origin meet a shape; distances are in multiples of the rays."""
    return (_meet_cube, _meet_sphere, _meet_cylinder)[shape](origin, ray)
