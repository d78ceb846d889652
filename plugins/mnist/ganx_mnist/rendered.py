"""Rendered digits as a source of images."""

import numpy as np
import PIL
import torch

from ganx import RenderedSource
from ganx_mnist.draw import draw_digit


class RenderedDigits(RenderedSource):
    """Digits [H, W, 1]; image i shows digit i % 10. Pillow's version may decide pixels too."""

    what = "digits"
    version = 1
    drawn_with = PIL.__version__
    draws_on_device = False

    def read(self, start: int, stop: int, device: str) -> torch.Tensor:
        """Draw images start..stop-1 as uint8 [stop - start, H, W, 1]; the device is not used."""
        del device
        side = self.resolution
        pixels = np.empty((stop - start, side, side, 1), dtype=np.uint8)
        for row, index in enumerate(range(start, stop)):
            pixels[row, ..., 0] = draw_digit(self.seed, index, side)
        return torch.from_numpy(pixels)
