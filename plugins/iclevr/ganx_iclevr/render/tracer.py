"""From scenes to pictures.

A scene's three pictures share its camera and lamps, so each object and the ground are traced and
lit once, lamp by lamp. What differs from picture to picture is which objects are there and throw
shadows.

Shape legend, here and in the modules used: S scenes, K = 3 objects and pictures of a scene, N = S K
objects, L = 3 lamps, C = 3 colour channels, H x W pictures, h x w windows around the objects.
"""

import torch
from torch import Tensor

from .camera import Camera, Vector, look_at_origin
from .compose import compose, far_to_near
from .ground import ground_points, light_ground
from .labels import OBJECTS_PER_SCENE
from .layout import Scenes
from .lighting import Lamp, hang_lamps
from .objects import Lit, Space, light_objects
from .shading import shade
from .shadows import make_blockers
from .tone import encode, reflectances
from .windows import Windows, cut


def render(
    scenes: Scenes, resolution: int | tuple[int, int], device: torch.device | str = "cpu"
) -> Tensor:
    """Draw pictures uint8 [S, K, H, W, C] of scenes with their first one, two and three objects.

    resolution: pixels along a side, to which the 4:3 frame is squeezed, or (width, height).
    """
    width, height = (resolution, resolution) if isinstance(resolution, int) else resolution
    with torch.no_grad():
        pictures = _trace(scenes.to(device), width, height)
        return encode(pictures).permute(0, 1, 3, 4, 2).contiguous()


def _trace(scenes: Scenes, width: int, height: int) -> Tensor:
    """Find the pictures' linear light [S, K, C, H, W]."""
    camera, lamps = look_at_origin(scenes.camera), hang_lamps(scenes.lamps)
    colours = torch.tensor(reflectances(), device=scenes.camera.device)[scenes.colour_index]
    blockers = make_blockers(scenes)
    points = ground_points(camera, width, height)
    pictures = light_ground(
        points, tuple(lamp.spread(3) for lamp in lamps), blockers.spread(2), colours
    )
    lit, windows = _light_all(scenes, camera, lamps, width, height)
    across = tuple(lamp.spread(4) for lamp in lamps)
    shaded = shade(lit, across, blockers.for_each(), colours)
    compose(pictures, shaded, lit.coverage, windows, far_to_near(scenes))
    return pictures


def _light_all(
    scenes: Scenes, camera: Camera, lamps: tuple[Lamp, ...], width: int, height: int
) -> tuple[Lit, Windows]:
    """Light every object [S, K] as if it were alone; also give the windows [N] it was traced in."""
    cosine, sine = scenes.facing.flatten(0, 1).unbind(1)
    x, y = scenes.position.flatten(0, 1).unbind(1)
    place = Vector(x, y, torch.zeros_like(x))
    cameras = camera.each(OBJECTS_PER_SCENE)
    seen = (lamp.each(OBJECTS_PER_SCENE).turned(place, cosine, sine) for lamp in lamps)
    space = Space(cameras.turned(place, cosine, sine), tuple(seen))
    windows = cut(cameras, place, width, height)
    lit = light_objects(scenes.shape_index.flatten(), space, windows)
    turned = lit.points.turned(cosine[:, None, None], -sine[:, None, None])
    return lit._replace(points=turned.plus(place.spread(2))).grouped(len(scenes)), windows
