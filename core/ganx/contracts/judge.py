"""A trained judge: what it sees in images, and what is known of it.

Shapes: images [N, C, S, S] in [-1, 1]; probabilities [N, K]; features [N, F].
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from ganx.contracts.few_images import examined_on_few
from ganx.contracts.heads import probabilities
from ganx.contracts.interface import Interface
from ganx.device import matmul_policy
from ganx.errors import DataError


def resized(images: Tensor, side: int) -> Tensor:
    """Resize square images, antialiased and bilinear; those of that side are returned as is."""
    if images.shape[-1] == side:
        return images
    return functional.interpolate(images, (side, side), mode="bilinear", antialias=True)


THRESHOLD = 0.5
"""Of a judge whose threshold was never calibrated."""

_BATCH = 128

Answers = NDArray[np.float64]


class Classifier(Protocol):
    """A module that a judge can ask; images are of the judge's own resolution."""

    def __call__(self, images: Tensor) -> Tensor:
        """Return a logit for each entry of the condition, [B, K]."""
        ...

    def features(self, images: Tensor) -> Tensor:
        """Return the penultimate layer, [B, F]."""
        ...

    def parameters(self) -> Iterator[nn.Parameter]:
        """Yield the weights that are learned."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Return all tensors that decide the answers."""
        ...

    def to(self, device: torch.device | str) -> object:
        """Move to a device."""
        ...


@dataclass(frozen=True)
class Judge:
    """A classifier in eval mode. It answers in float32, whatever it was trained in."""

    network: Classifier
    interface: Interface
    record: Mapping[str, Any]
    """JSON that travels with it: settings, data set, threshold, and its scores on held-out
    images."""

    @property
    def name(self) -> str:
        """What it judges and at which resolution, such as ``iclevr 64px``."""
        data = self.record.get("dataset", {}).get("name", "unnamed")
        return str(self.record.get("name") or f"{data} {self.interface.resolution}px")

    @property
    def learned_from(self) -> Mapping[str, Any]:
        """The provenance of the images that it learned from; empty where it is not recorded."""
        found: Mapping[str, Any] = self.record.get("dataset", {}).get("provenance") or {}
        return found

    @cached_property
    def digest(self) -> str:
        """Eight hex digits over its weights: the same for judges that answer alike."""
        found = hashlib.sha256()
        for name, value in sorted(self.network.state_dict().items()):
            array = value.detach().cpu().contiguous().numpy()
            found.update(f"{name} {array.dtype} {array.shape}\n".encode())
            found.update(array.tobytes())
        return found.hexdigest()[:8]

    @property
    def threshold(self) -> float:
        """The probability above which it is taken to see a label; calibrated for exact match."""
        return float(self.record.get("threshold", THRESHOLD))

    @property
    def held_out(self) -> Mapping[str, float]:
        """Its scores on real images that it did not learn from, by measure; empty if unknown."""
        scores: Mapping[str, float] = self.record.get("held_out", {}).get("scores", {})
        return scores

    @property
    def caution(self) -> str:
        """What few images it was examined on leave open; empty for many, or where it is unknown."""
        images = int(self.record.get("held_out", {}).get("images", 0))
        return examined_on_few("The judge", self.held_out, images)

    @property
    def device(self) -> torch.device:
        """Where it answers."""
        return next(iter(self.network.parameters())).device

    def probabilities(self, images: Tensor) -> Answers:
        """Return how likely each entry of the condition is shown, [N, K].

        One softmax per group of classes or attributes, a sigmoid per label. Images of another
        resolution are resized first. Raises ``DataError`` for images that are not square or have
        other channels.
        """
        condition = self.interface.condition
        return self._in_batches(images, lambda batch: probabilities(condition, self.network(batch)))

    def features(self, images: Tensor) -> NDArray[np.float32]:
        """Return the penultimate layer, [N, F]. Resizes and raises as ``probabilities``."""
        return self._in_batches(images, self.network.features).astype(np.float32)

    def _in_batches(self, images: Tensor, answer: Callable[[Tensor], Tensor]) -> NDArray[Any]:
        """Ask about a few images at a time, on the network's device."""
        self._check(images)
        device, side = self.device, self.interface.resolution
        with torch.inference_mode(), matmul_policy():
            pieces = [
                answer(resized(piece.to(device).float(), side)).cpu()
                for piece in torch.split(images, _BATCH)
            ]
        answers = torch.cat(pieces)
        if not torch.isfinite(answers).all():
            raise DataError(
                "A judge's answers are not numbers. Either the images are not, as of a training "
                "that has broken down, or the judge's file is damaged."
            )
        return answers.numpy()

    def _check(self, images: Tensor) -> None:
        """Refuse images that resizing cannot make fit."""
        channels = self.interface.channels
        shape = tuple(images.shape[1:])
        if len(shape) != 3 or shape[0] != channels or shape[1] != shape[2]:  # noqa: PLR2004 -- C, H, W
            raise DataError(
                f"The judge {self.name!r} looks at square images with {channels} channels, not at "
                f"images of shape {shape} (channels, height, width). Take a judge of such images."
            )
