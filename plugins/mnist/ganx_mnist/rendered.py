"""Rendered digits as a source of images."""

import hashlib

import numpy as np
import PIL
import torch

from ganx_mnist.draw import draw_digit

RENDERER_VERSION = 1
"""Part of the fingerprint; raise it whenever a digit's pixels change."""


class RenderedDigits:
    """An ``ImageSource`` of the first ``size`` images of a seed's endless sequence."""

    action = "render"
    block = 64
    parallel = True

    def __init__(self, seed: int, size: int, resolution: int) -> None:
        self.seed = seed
        self.size = size
        self.resolution = resolution

    def __len__(self) -> int:
        """Count the images."""
        return self.size

    def fingerprint(self) -> str:
        """Digest what decides the pixels, of which one is the version of Pillow."""
        version = f"{RENDERER_VERSION} {PIL.__version__}"
        text = f"digits {version} {self.seed} {self.size} {self.resolution}"
        return hashlib.sha256(text.encode()).hexdigest()

    def read(self, start: int, stop: int, device: str) -> torch.Tensor:
        """Draw images start..stop-1 as uint8 [stop - start, H, W, 1]; the device is not used."""
        del device
        side = self.resolution
        pixels = np.empty((stop - start, side, side, 1), dtype=np.uint8)
        for row, index in enumerate(range(start, stop)):
            pixels[row, ..., 0] = draw_digit(self.seed, index, side)
        return torch.from_numpy(pixels)
