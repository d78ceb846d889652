"""Images that are drawn by a program: the source of data sets that need no data."""

import hashlib
from abc import ABC, abstractmethod

from torch import Tensor


class RenderedSource(ABC):
    """An ``ImageSource`` of the first ``size`` images of a seed's endless sequence.

    A subclass draws: image i must be a function of seed, i and resolution alone, the same however
    the images are cut into blocks.
    """

    what: str
    """The first word of what is fingerprinted."""

    version: int
    """Part of the fingerprint; raise it whenever an image's pixels or labels change."""

    drawn_with: str = ""
    """Part of the fingerprint, where a library decides pixels too: its version."""

    draws_on_device: bool = True
    """Whether ``read`` draws on the device that it is given, so that a GPU's pixels may differ from
    a CPU's and are cached beside them."""

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
        version = f"{self.version} {self.drawn_with}".strip()
        text = f"{self.what} {version} {self.seed} {self.size} {self.resolution}"
        return hashlib.sha256(text.encode()).hexdigest()

    @abstractmethod
    def read(self, start: int, stop: int, device: str) -> Tensor:
        """Draw images start..stop-1 as uint8 [stop - start, H, W, C] on the CPU.

        ``device`` is where the work may be done.
        """
