"""Animations of images that change together.

Shapes: images [S, N, C, H, W] in [-1, 1], S moments of N images side by side.
"""

from pathlib import Path

from torch import Tensor

from ganx.pictures.grid import grid_picture, save_picture

ANIMATED = (".gif", ".webp")


def save_animation(images: Tensor, path: Path, frames_per_second: float) -> None:
    """Write the way there and back as an endless animation, ``.gif`` or ``.webp``.

    Raises ``RunError`` when the file cannot be written.
    """
    there = [grid_picture(moment) for moment in images]
    frames = [*there, *there[-2:0:-1]]
    save_picture(
        frames[0],
        path,
        save_all=True,
        append_images=frames[1:],
        duration=round(1000 / frames_per_second),
        loop=0,
        quality=90,
    )
