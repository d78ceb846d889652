"""Rendered faces as a source of images."""

import hashlib

import torch

from ganx_animefaces.draw import draw_faces

RENDERER_VERSION = 1
"""Part of the fingerprint; raise it whenever a face's pixels or colours change."""


class RenderedFaces:
    """An ``ImageSource`` of the first ``size`` faces of a seed's endless sequence."""

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
        """Digest what decides the pixels."""
        text = f"faces {RENDERER_VERSION} {self.seed} {self.size} {self.resolution}"
        return hashlib.sha256(text.encode()).hexdigest()

    def read(self, start: int, stop: int, device: str) -> torch.Tensor:
        """Draw images start..stop-1 as uint8 [stop - start, H, W, 3]; the device is not used."""
        del device
        return torch.from_numpy(draw_faces(self.seed, start, stop, self.resolution))
