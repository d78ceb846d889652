"""Calling what PyTorch opened from an exported file, from numpy to numpy."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganx.contracts.frozen import Generate


def called(module: Callable[..., Tensor]) -> Generate:
    """Return a module as a function from z [B, Z], c [B, K] to images, without gradients."""

    def generate(z: NDArray[np.float32], c: NDArray[np.float32]) -> NDArray[Any]:
        inputs = (z, c) if c.shape[1] else (z,)
        with torch.no_grad():
            images = module(*(torch.from_numpy(array) for array in inputs))
        array: NDArray[Any] = images.numpy()
        return array

    return generate
