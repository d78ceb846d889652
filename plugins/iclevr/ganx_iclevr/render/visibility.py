"""Which object each point of a picture shows, and how much of every object can be seen."""

import torch
from torch import Tensor

from .camera import Vector, look_at_origin, project, rays
from .labels import OBJECTS_PER_SCENE, SHAPES
from .layout import Scenes
from .shapes import RADIUS, meet

LEAST_VISIBLE = 0.4
NOTHING = -1

# A coarse raster's share of visible points is off by a few hundredths; this much is asked for more.
_CAUTION = 0.04
_COLUMNS, _ROWS = 60, 45
_OVERSCAN = 1.3


def depths(scenes: Scenes, across: Tensor, down: Tensor) -> Tensor:
    """Find how far along the rays each object is met [S, 3, H, W]: infinity if it is not.

    across: [W] and down: [H], 0 to 1 from the left and from the top.
    """
    camera = look_at_origin(scenes.camera).spread(1)
    place = Vector(scenes.position[..., 0], scenes.position[..., 1], torch.zeros(()))
    own = camera.turned(place, scenes.facing[..., 0], scenes.facing[..., 1]).spread(2)
    rows, columns = len(down), len(across)
    ray = rays(own, across[None, :], down[:, None])
    found = torch.full((*scenes.shape_index.shape, rows, columns), torch.inf)
    ray = Vector(*(part.expand(found.shape) for part in ray))
    for shape in range(len(SHAPES)):
        chosen = scenes.shape_index == shape
        origin = Vector(*(part.expand((*chosen.shape, 1, 1))[chosen] for part in own.place))
        met, distance, _ = meet(shape, origin, Vector(*(part[chosen] for part in ray)))
        found[chosen] = torch.where(met > 0, distance, torch.inf)
    return found


def render_ids(scenes: Scenes, width: int, height: int) -> Tensor:
    """Find which of a scene's objects each pixel's centre shows, or -1: int64 [S, H, W]."""
    across = (torch.arange(width) + 0.5) / width
    down = (torch.arange(height) + 0.5) / height
    nearest, which = depths(scenes, across, down).min(dim=1)
    return torch.where(nearest < torch.inf, which, NOTHING)


def _in_frame(position: Tensor) -> Tensor:
    """Tell whether frame positions are inside the picture."""
    return (position > 0.0) & (position < 1.0)


def seen_shares(scenes: Scenes) -> Tensor:
    """Find the share of each object that is inside the picture and unoccluded [S, 3].

    The raster reaches past the frame, so that what the frame cuts off counts as not seen.
    """
    across = 0.5 + _OVERSCAN * ((torch.arange(_COLUMNS) + 0.5) / _COLUMNS - 0.5)
    down = 0.5 + _OVERSCAN * ((torch.arange(_ROWS) + 0.5) / _ROWS - 0.5)
    found = depths(scenes, across, down)
    inside = _in_frame(across)[None, :] & _in_frame(down)[:, None]
    alone = found < torch.inf
    seen = alone & (found <= found.amin(dim=1, keepdim=True)) & inside
    return seen.sum(dim=(2, 3)) / alone.sum(dim=(2, 3)).clamp(min=1)


def well_seen(scenes: Scenes) -> Tensor:
    """Tell whether every object's centre is in the picture and enough of it can be seen [S]."""
    centre = Vector(
        scenes.position[..., 0], scenes.position[..., 1], torch.full((OBJECTS_PER_SCENE,), RADIUS)
    )
    across, down = project(look_at_origin(scenes.camera).spread(1), centre)
    inside = _in_frame(across) & _in_frame(down)
    seen = seen_shares(scenes) >= LEAST_VISIBLE + _CAUTION
    return (inside & seen).all(dim=1)
