"""Rendered faces as a source of images."""

import torch

from ganx import RenderedSource
from ganx_animefaces.draw import draw_faces


class RenderedFaces(RenderedSource):
    """Faces [H, W, 3] with the colours of hair and eyes that ``draw_labels`` tells."""

    what = "faces"
    version = 1
    draws_on_device = False

    def read(self, start: int, stop: int, device: str) -> torch.Tensor:
        """Draw images start..stop-1 as uint8 [stop - start, H, W, 3]; the device is not used."""
        del device
        return torch.from_numpy(draw_faces(self.seed, start, stop, self.resolution))
