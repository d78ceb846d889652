"""The pictures of a seed's endless sequence, asked for by number."""

import torch
from torch import Tensor

from .labels import OBJECTS_PER_SCENE
from .scene import sample_scenes
from .tracer import render

_BLOCK_SCENES = 16
BLOCK_IMAGES = _BLOCK_SCENES * OBJECTS_PER_SCENE


def render_images(
    seed: int, start: int, stop: int, resolution: int, device: torch.device | str = "cpu"
) -> Tensor:
    """Draw pictures uint8 [stop - start, R, R, 3] with numbers start to stop - 1.

    Picture i is scene i // 3 with its first i % 3 + 1 objects, and is the same bytes however it is
    asked for: whole blocks of BLOCK_IMAGES, counted from 0, are drawn and then cut.
    Scenes are drawn on the CPU, so that they are the same on every device. Several blocks at once,
    each on one thread, are faster than one block on several.
    """
    if not 0 <= start <= stop:
        raise ValueError(f"expected 0 <= start <= stop, but start is {start} and stop is {stop}")
    first, last = start // BLOCK_IMAGES, -(-stop // BLOCK_IMAGES)
    blocks = [_block(seed, block, resolution, device) for block in range(first, last)]
    offset = first * BLOCK_IMAGES
    if not blocks:
        return torch.empty((0, resolution, resolution, 3), dtype=torch.uint8, device=device)
    return torch.cat(blocks)[start - offset : stop - offset].contiguous()


def _block(seed: int, block: int, resolution: int, device: torch.device | str) -> Tensor:
    """Draw the pictures [BLOCK_IMAGES, R, R, 3] of one block of scenes."""
    scenes = sample_scenes(seed, block * _BLOCK_SCENES, _BLOCK_SCENES)
    return render(scenes, resolution, device).flatten(0, 1)
