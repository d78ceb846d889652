"""Pictures put together: objects laid over the ground, the farthest first."""

import torch
from torch import Tensor

from .layout import Scenes
from .windows import Windows


def far_to_near(scenes: Scenes) -> Tensor:
    """Order objects [S, K] from the one farthest from the camera to the nearest.

    Upright objects of about one girth that stand apart hide each other in that order only.
    """
    away = scenes.position - scenes.camera[:, None, :2]
    square = away[..., 0] * away[..., 0] + away[..., 1] * away[..., 1]
    return square.argsort(dim=1, descending=True)


def compose(
    pictures: Tensor, shaded: Tensor, coverage: Tensor, windows: Windows, order: Tensor
) -> None:
    """Lay objects over pictures [S, K, C, H, W], in place; picture k shows the objects up to k.

    shaded: [S, K, K, C, h, w], each object in each picture; coverage: [S, K, h, w]; windows: [S K].
    """
    scenes, count, channels = pictures.shape[:3]
    flat = pictures.view(scenes, count, channels, -1)
    pixels = windows.pixels().reshape(scenes, count, -1)
    rows = torch.arange(scenes, device=order.device)
    picture = torch.arange(count, device=order.device)
    for which in order.unbind(1):
        shown = (which[:, None] <= picture).float()[:, :, None, None]
        place = pixels[rows, which][:, None, None, :].expand(-1, count, channels, -1)
        kept = 1.0 - coverage[rows, which].flatten(1)[:, None, None, :] * shown
        added = shaded[rows, which].flatten(3) * shown
        flat.scatter_(3, place, flat.gather(3, place) * kept + added)
