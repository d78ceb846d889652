"""An opened image store: batches by index, on the device, ready for the networks.

Shapes: N images; K is the size of the condition; B is the batch.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

RESIDENT_SHARE = 0.4
"""The store moves to the GPU if it takes at most this share of the memory that is free there."""

_BLOCK_BYTES = 1 << 26


class ImageStore:
    """Images [N, H, W, C] as uint8, mapped from disk or resident on a GPU, and their conditions."""

    def __init__(
        self,
        images: NDArray[np.uint8],
        conditions: NDArray[np.uint8],
        path: Path,
        resident: Tensor | None = None,
        notices: tuple[str, ...] = (),
    ) -> None:
        self.images = images
        self.conditions = conditions
        self.path = path
        self.notices = notices
        self._pixels: NDArray[np.uint8] = images.view(np.ndarray)
        self._resident = resident

    def __len__(self) -> int:
        """Count the images."""
        return len(self.images)

    @property
    def resolution(self) -> int:
        """The side of an image in pixels."""
        return int(self.images.shape[1])

    @property
    def channels(self) -> int:
        """The number of colour channels."""
        return int(self.images.shape[3])

    def batch(
        self, indices: NDArray[np.int64], device: torch.device | str, flip: Tensor | None = None
    ) -> Tensor:
        """Gather images [B, C, H, W] in [-1, 1], float32, channels last.

        Those where ``flip`` (bool [B]) is set are mirrored left to right. Raises ``IndexError``
        for an index outside the store.
        """
        if torch.device(device).type == "cpu":
            return self._batch_on_cpu(indices, flip)
        return to_images(self._gather(indices, torch.device(device)), flip)

    def _batch_on_cpu(self, indices: NDArray[np.int64], flip: Tensor | None) -> Tensor:
        """As ``batch``; by numpy, as waking torch's threads costs more than so little work."""
        pixels = self._pixels.take(indices, axis=0)
        if flip is not None:
            chosen = flip.cpu().numpy()
            pixels[chosen] = pixels[chosen, :, ::-1]
        images = pixels.astype(np.float32)
        images /= 127.5
        images -= 1.0
        return torch.from_numpy(images).permute(0, 3, 1, 2)

    def batch_conditions(self, indices: NDArray[np.int64], device: torch.device | str) -> Tensor:
        """Gather conditions [B, K] as float32."""
        rows = self.conditions.take(indices, axis=0).astype(np.float32)
        return upload(rows, torch.device(device))

    def to(self, device: torch.device | str) -> "ImageStore":
        """Return the store with its images on a CUDA device if they fit there, else itself."""
        device = torch.device(device)
        if device.type != "cuda" or not fits(self.images.nbytes, device):
            return self
        resident = torch.empty(self.images.shape, dtype=torch.uint8, device=device)
        step = max(1, _BLOCK_BYTES // (self.images.nbytes // len(self)))
        for start in range(0, len(self), step):
            # A copy: torch does not take memory that is mapped read-only.
            block = torch.from_numpy(self._pixels[start : start + step].copy())
            resident[start : start + step].copy_(block)
        return ImageStore(self.images, self.conditions, self.path, resident, self.notices)

    def _gather(self, indices: NDArray[np.int64], device: torch.device) -> Tensor:
        """Gather uint8 [B, H, W, C] on a device other than the CPU."""
        if self._resident is not None and device.type == "cuda":
            self._check_range(indices)
            return self._resident.index_select(0, upload(indices, device))
        return upload(self._pixels.take(indices, axis=0), device)

    def _check_range(self, indices: NDArray[np.int64]) -> None:
        """Refuse on the host what would be an assertion inside a GPU kernel."""
        if len(indices) and not 0 <= indices.min() <= indices.max() < len(self):
            raise IndexError(f"An index is outside 0 to {len(self) - 1}.")


def to_images(pixels: Tensor, flip: Tensor | None = None) -> Tensor:
    """Turn uint8 [B, H, W, C] into images [B, C, H, W] in [-1, 1] where they are.

    Float32, channels last; those where ``flip`` (bool [B]) is set are mirrored left to right.
    """
    if flip is not None:
        chosen = upload(flip, pixels.device)[:, None, None, None]
        pixels = torch.where(chosen, pixels.flip(2), pixels)
    return pixels.to(torch.float32).div_(127.5).sub_(1.0).permute(0, 3, 1, 2)


def fits(size: int, device: torch.device) -> bool:
    """Tell whether ``size`` bytes are within the resident share of a GPU's free memory."""
    free, _ = torch.cuda.mem_get_info(device)
    return size <= RESIDENT_SHARE * free


def upload(array: NDArray[Any] | Tensor, device: torch.device) -> Tensor:
    """Copy what lies on the host to a device; the host does not wait for CUDA.

    It goes there from pinned memory, as CUDA promises that for no other. A tensor that is on CUDA
    already stays.
    """
    tensor = torch.from_numpy(array) if isinstance(array, np.ndarray) else array
    if device.type == "cuda" and tensor.device.type == "cpu":
        tensor = tensor.pin_memory()
    return tensor.to(device, non_blocking=True)
