"""Rendered scenes as a source of images."""

import hashlib
from collections.abc import Sequence
from threading import Lock

import torch

from ganx_iclevr.render import BLOCK_IMAGES, object_indices, render_images

RENDERER_VERSION = 1
"""Part of the fingerprint; raise it whenever a scene's pixels or objects change."""


class RenderedImages:
    """An ``ImageSource`` of the first ``size`` images of a seed's endless sequence."""

    action = "render"
    block = BLOCK_IMAGES
    parallel = True

    def __init__(self, seed: int, size: int, resolution: int) -> None:
        self.seed = seed
        self.size = size
        self.resolution = resolution
        self._accelerator = Lock()

    def __len__(self) -> int:
        """Count the images."""
        return self.size

    def fingerprint(self) -> str:
        """Digest what decides the pixels."""
        text = f"rendered {RENDERER_VERSION} {self.seed} {self.size} {self.resolution}"
        return hashlib.sha256(text.encode()).hexdigest()

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
