"""A generator as a file shall hold it: in its precision, with its kind of output.

Shapes: z [B, Z], c [B, K]; images [B, C, H, W] in [-1, 1], or [B, H, W, C] from 0 to 255.
"""

from copy import deepcopy
from dataclasses import replace

import torch
from torch import Tensor, nn

from ganx.contracts.export_config import ExportConfig
from ganx.contracts.frozen import FrozenGenerator


class InFloat16(nn.Module):
    """Calls a generator in float16; takes float32 and gives float32."""

    def __init__(self, generator: nn.Module) -> None:
        super().__init__()
        self.generator = generator.half()

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """Make images of float32 inputs."""
        inputs = (z,) if c is None else (z, c)
        images: Tensor = self.generator(*(one.half() for one in inputs)).float()
        return images


class InLevels(nn.Module):
    """Gives a generator's images as the levels that picture files hold."""

    def __init__(self, generator: nn.Module) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """Make pictures: [B, H, W, C]."""
        return as_levels(self.generator(z) if c is None else self.generator(z, c))


def as_levels(images: Tensor) -> Tensor:
    """Map [B, C, H, W] in [-1, 1] to the levels 0 to 255 of [B, H, W, C], halves to even."""
    levels = images.float().add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8)
    return levels.permute(0, 2, 3, 1).contiguous()


def as_exported(frozen: FrozenGenerator, config: ExportConfig) -> FrozenGenerator:
    """Return the generator as a file of this configuration holds it; the given one stays as it is.

    Where nothing is asked for it is the given one.
    """
    if (config.precision, config.output) == ("float32", "float"):
        return frozen
    module = deepcopy(frozen.module)
    if config.precision == "float16":
        module = InFloat16(module)
    if config.output == "uint8":
        module = InLevels(module)
    return replace(frozen, module=module.eval().requires_grad_(False))
