"""Rendered scenes as a source of images."""

from collections.abc import Sequence
from threading import Lock

import torch

from ganx import RenderedSource
from ganx_iclevr.render import BLOCK_IMAGES, object_indices, render_images


class RenderedImages(RenderedSource):
    """Scenes [H, W, 3]; image i is scene i // 3 with its first i % 3 + 1 objects."""

    what = "rendered"
    version = 1
    block = BLOCK_IMAGES

    def __init__(self, seed: int, size: int, resolution: int) -> None:
        super().__init__(seed, size, resolution)
        self._accelerator = Lock()

    def read(self, start: int, stop: int, device: str) -> torch.Tensor:
        """Render images start..stop-1 as uint8 [stop - start, H, W, 3], on the device."""
        if device == "cpu":
            return render_images(self.seed, start, stop, self.resolution)
        # One block at a time: a GPU is busy with one, and its memory would have to hold all.
        with self._accelerator:
            return render_images(self.seed, start, stop, self.resolution, device).cpu()


def rendered_objects(seed: int, size: int) -> Sequence[tuple[int, ...]]:
    """Return the indices of the objects in each image."""
    return object_indices(seed, size)
