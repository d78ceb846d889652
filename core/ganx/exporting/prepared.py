"""A generator as a file shall hold it: in its precision, with its kind of output.

Shapes: z [B, Z], c [B, K]; images [B, C, H, W] in [-1, 1], or [B, H, W, C] from 0 to 255.
"""

from copy import deepcopy
from dataclasses import replace

import torch
from torch import Tensor, nn

from ganx.contracts.export_config import ExportConfig, Output
from ganx.contracts.frozen import FrozenGenerator


class Prepared(nn.Module):
    """Calls a generator in a precision of its own; takes float32, gives what was asked for."""

    def __init__(self, generator: nn.Module, precision: torch.dtype, output: Output) -> None:
        super().__init__()
        self.generator = generator.to(precision)
        self.precision = precision
        self.output = output

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """Make images of float32 inputs."""
        inputs = (z,) if c is None else (z, c)
        images = self.generator(*(one.to(self.precision) for one in inputs)).float()
        return as_levels(images) if self.output == "uint8" else images


def as_levels(images: Tensor) -> Tensor:
    """Map [B, C, H, W] in [-1, 1] to the levels 0 to 255 of [B, H, W, C], halves to even."""
    levels = images.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8)
    return levels.permute(0, 2, 3, 1).contiguous()


def as_exported(frozen: FrozenGenerator, config: ExportConfig) -> FrozenGenerator:
    """Return the generator as a file of this configuration holds it; the given one stays as it is.

    Where nothing is asked for it is the given one.
    """
    if (config.precision, config.output) == ("float32", "float"):
        return frozen
    precision = getattr(torch, config.precision)
    module = Prepared(deepcopy(frozen.module), precision, config.output).eval()
    return replace(frozen, module=module.requires_grad_(False))
