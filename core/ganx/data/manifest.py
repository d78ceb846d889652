"""What a cached store says of itself, and whether it is whole and the one that is wanted.

A store is a folder with two files: ``images.npy``, uint8 [N, H, W, C], and ``manifest.json``.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.dataset import FileSource, ImageSource

FORMAT = 1
IMAGES = "images.npy"
MANIFEST = "manifest.json"

Shape = tuple[int, int, int, int]


@dataclass(frozen=True)
class Manifest:
    """The identity of a store; ``source`` is for people and decides nothing."""

    fingerprint: str
    shape: Shape
    """[N, H, W, C]"""
    source: Mapping[str, Any]

    @property
    def pixel_bytes(self) -> int:
        """The size of all pixels in bytes."""
        count, height, width, channels = self.shape
        return count * height * width * channels

    def identity(self) -> dict[str, Any]:
        """Return the part that a store must match to be used."""
        return {
            "format": FORMAT,
            "fingerprint": self.fingerprint,
            "shape": list(self.shape),
            "dtype": "uint8",
        }

    def write(self, folder: Path, notices: Sequence[str] = ()) -> None:
        """Write the manifest into the folder of the store, with what there is to tell of it."""
        content = self.identity() | {"source": dict(self.source), "notices": list(notices)}
        text = json.dumps(content, indent=2, default=str)
        (folder / MANIFEST).write_text(text, encoding="utf-8")


def pixels_fingerprint(
    source: ImageSource, device: str, digests: Sequence[str] | None = None
) -> str:
    """Digest what decides the pixels of a source that is read on a device.

    Files give the same on every device. What is drawn on a GPU has other roundings than what is
    drawn on a CPU, whose digest is the source's own. For ``digests`` see ``own_fingerprint``.
    """
    kind, own = device.partition(":")[0], own_fingerprint(source, digests)
    if kind == "cpu" or not getattr(source, "draws_on_device", source.action == "render"):
        return own
    return hashlib.sha256(f"{own} on {kind}".encode()).hexdigest()


def own_fingerprint(source: ImageSource, digests: Sequence[str] | None) -> str:
    """Take a source's fingerprint; no file is looked at again where ``digests`` are given."""
    return source.fingerprint(digests) if isinstance(source, FileSource) else source.fingerprint()


def read_notices(folder: Path) -> tuple[str, ...]:
    """Read what was found out about the images of a whole store when it was built."""
    found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return tuple(map(str, found.get("notices", ())))


def open_images(folder: Path, wanted: Manifest) -> NDArray[np.uint8] | None:
    """Map the images of a store, uint8 [N, H, W, C]; None where it is not whole or another."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        images = np.load(folder / IMAGES, mmap_mode="r", allow_pickle=False)
        size = (folder / IMAGES).stat().st_size
    except (OSError, ValueError, EOFError):
        return None
    expected = wanted.identity()
    if not isinstance(found, dict) or {key: found.get(key) for key in expected} != expected:
        return None
    if not isinstance(images, np.memmap) or images.dtype != np.uint8:
        return None
    if images.shape != wanted.shape or size != images.offset + wanted.pixel_bytes:
        return None
    return images
