"""A trained judge: what it sees in images, and what is known of it.

Shapes: images [N, C, H, W] in [-1, 1]; probabilities [N, K]; features [N, F].
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganx.errors import DataError
from ganx.interface import Interface
from ganx.judging.answers import probabilities
from ganx.judging.network import JudgeNetwork

_BATCH = 128

Answers = NDArray[np.float64]


@dataclass(frozen=True)
class Judge:
    """A classifier in eval mode. It answers without autocast, in which it may have been trained."""

    network: JudgeNetwork
    interface: Interface
    record: Mapping[str, Any]
    """JSON that travels with it: settings, data set, and its scores on held-out images."""

    @property
    def held_out(self) -> Mapping[str, float]:
        """Its scores on real images that it did not learn from, by measure."""
        scores: Mapping[str, float] = self.record["held_out"]["scores"]
        return scores

    def probabilities(self, images: Tensor) -> Answers:
        """Return how likely each entry of the condition is shown, [N, K].

        One softmax per group of classes or attributes, a sigmoid per label.
        """
        condition = self.interface.condition
        return self._in_batches(images, lambda batch: probabilities(condition, self.network(batch)))

    def features(self, images: Tensor) -> NDArray[np.float32]:
        """Return the penultimate layer, [N, F]."""
        return self._in_batches(images, self.network.features).astype(np.float32)

    def _in_batches(self, images: Tensor, answer: Callable[[Tensor], Tensor]) -> NDArray[Any]:
        """Ask about a few images at a time, on the network's device. Raises ``DataError``."""
        expected = (self.interface.channels, *[self.interface.resolution] * 2)
        if images.shape[1:] != expected:
            raise DataError(
                f"This judge looks at images of shape {expected} (channels, height, width), not "
                f"{tuple(images.shape[1:])}. Train one on a data set of that form."
            )
        device = self.network.head.weight.device
        with torch.inference_mode():
            pieces = [
                answer(piece.float().to(device)).cpu() for piece in torch.split(images, _BATCH)
            ]
        return torch.cat(pieces).numpy()
