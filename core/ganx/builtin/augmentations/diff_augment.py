"""DiffAugment: D sees real and generated images only after random changes that G learns through.

Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training", arXiv:2006.10738, with
the public code's ranges. What is random is drawn outside the step, as everywhere in ganx.

Shapes: images [B, C, H, W] in [-1, 1]; numbers [B, N], uniform in [0, 1).
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from ganx.builtin.augmentations.settings import CutoutConfig, TranslationConfig
from ganx.contracts.augmentation import Augmentation


class Color(Augmentation):
    """Changes brightness by -0.5 to 0.5, saturation 0 to 2 times, contrast 0.5 to 1.5 times."""

    numbers = 3

    def forward(self, images: Tensor, numbers: Tensor) -> Tensor:
        """Change the colours of each image."""
        brightness, saturation, contrast = numbers[:, :, None, None, None].unbind(1)
        images = images + brightness - 0.5
        grey = images.mean(dim=1, keepdim=True)
        images = (images - grey) * saturation * 2 + grey
        mean = images.mean(dim=(1, 2, 3), keepdim=True)
        return (images - mean) * (contrast + 0.5) + mean


class Translation(Augmentation):
    """Shifts by up to an eighth of the side in each direction, filling with 0."""

    numbers = 2

    def __init__(self, config: TranslationConfig) -> None:
        super().__init__()
        self._shift = config.shift

    def forward(self, images: Tensor, numbers: Tensor) -> Tensor:
        """Shift each image by whole pixels."""
        most = int(images.shape[-1] * self._shift + 0.5)
        steps = (numbers * (2 * most + 1)).floor().long() - most
        shifted: Tensor = _Shift.apply(images, steps, most)
        return shifted


class Cutout(Augmentation):
    """Sets a square of half the side to 0; its centre is anywhere, so it may reach outside."""

    numbers = 2

    def __init__(self, config: CutoutConfig) -> None:
        super().__init__()
        self._hole = config.hole

    def forward(self, images: Tensor, numbers: Tensor) -> Tensor:
        """Cut a square out of each image."""
        side = images.shape[-1]
        half = side * self._hole / 2
        centre = (numbers * (side + 1)).floor()
        distance = torch.arange(side, device=images.device) + 0.5 - centre[:, :, None]
        inside = (distance.abs() < half).to(images.dtype)
        return images * (1 - inside[:, 0, :, None] * inside[:, 1, None])[:, None]


class _Shift(torch.autograd.Function):
    """Moves each image by its own whole numbers of pixels; its gradient is moved back.

    Autograd would take the gradient of an index for a sum at places that may coincide, which on
    CUDA is slow and adds in any order. Here each place is read once, and no value is rounded.
    """

    @staticmethod
    def forward(ctx: Any, images: Tensor, steps: Tensor, most: int) -> Tensor:
        """Read each pixel [B, C, H, W] ``steps`` [B, 2], at most ``most``, further down and right.

        Whatever lies outside of an image is 0.
        """
        ctx.save_for_backward(steps)
        ctx.most = most
        places = torch.arange(images.shape[-1], device=images.device) + most
        rows, columns = (places + steps[:, axis, None] for axis in (0, 1))
        chosen = torch.arange(len(images), device=images.device)[:, None, None]
        padded = functional.pad(images, (most, most, most, most)).permute(0, 2, 3, 1)
        return padded[chosen, rows[:, :, None], columns[:, None]].permute(0, 3, 1, 2)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> tuple[Tensor, None, None]:
        """Move the gradient [B, C, H, W] back, in a way that has a gradient again."""
        (gradient,) = gradients
        (steps,) = ctx.saved_tensors
        moved: Tensor = _Shift.apply(gradient, -steps, ctx.most)
        return moved, None, None
