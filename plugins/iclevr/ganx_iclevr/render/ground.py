"""The ground's light: three lamps less the objects' shadows, and the surroundings."""

import torch
from torch import Tensor

from .camera import Camera, Vector, rays
from .lighting import LAMP_LIGHT, SURROUNDINGS, Lamp, arriving_light
from .shadows import Blockers

# What an object hides of the surroundings it gives back in its own colour, so many times as
# brightly, being lit by the lamps; but not close by, where its own shadow falls on it too.
_BLEED = 3.0


def ground_points(camera: Camera, width: int, height: int) -> Vector:
    """Find where rays of cameras [S] through pixels' centres meet the ground: [S, 1, H, W]."""
    device = camera.place.x.device
    across = (torch.arange(width, device=device) + 0.5) / width
    down = (torch.arange(height, device=device) + 0.5) / height
    seen = camera.spread(3)
    ray = rays(seen, across[None, :], down[:, None])
    points = seen.place.along(ray, -seen.place.z / ray.z)
    return Vector(points.x, points.y, torch.zeros((), device=device))


def light_ground(
    points: Vector, lamps: tuple[Lamp, ...], blockers: Blockers, colours: Tensor
) -> Tensor:
    """Light the ground, linearly [S, K, C, H, W], with the first one, two and three objects.

    lamps: [S, 1, 1, 1]; blockers: [S, K, 1, 1]; colours: what the objects throw back, [S, K, C].
    """
    light = _from_surroundings(points, blockers, colours)
    upright = Vector(torch.zeros_like(points.z), torch.zeros_like(points.z), points.z + 1.0)
    for lamp, tint in zip(lamps, LAMP_LIGHT, strict=True):
        arriving = arriving_light(lamp, points, upright)[:, 0]
        hidden = blockers.shadow(points, lamp.place)
        for count, shadow in enumerate(hidden.unbind(1)):
            arriving = arriving * (1.0 - shadow)
            for channel, strength in enumerate(tint):
                light[:, count, channel] += arriving * strength
    return light


def _from_surroundings(points: Vector, blockers: Blockers, colours: Tensor) -> Tensor:
    """Find the surroundings' light [S, K, C, H, W], which objects hide in part and colour."""
    hidden = blockers.covering(points)
    returned = (_BLEED * colours)[..., None, None]
    left = hidden.new_ones((len(hidden), colours.shape[-1], *hidden.shape[-2:]))
    shown = []
    for count in range(hidden.shape[1]):
        covered = hidden[:, count, None]
        left = left - covered * (1.0 - (1.0 - covered) * returned[:, count])
        shown.append(left)
    level = torch.tensor(SURROUNDINGS, device=hidden.device)[:, None, None]
    return torch.stack(shown, dim=1).clamp_(min=0.0).mul_(level)
