"""Changes of colour as one matrix for each image.

Karras et al., arXiv:2006.06676, appendix B. Shapes: images [B, C, H, W] in [-1, 1]; matrices
[B, 4, 4] on red, green, blue and 1; numbers [B, N], uniform in [0, 1).
"""

import math

import torch
from torch import Tensor

from ganx_ada.chance import HALF, chosen, normal
from ganx_ada.geometry import composed

COLOR_NUMBERS = 10
BRIGHTNESS, CONTRAST, SATURATION = 0.2, 0.5, 1.0
"""The sd of what is added, and of the binary logarithms of what is multiplied."""


def color_matrix(numbers: Tensor, p: Tensor) -> Tensor:
    """Change brightness, contrast, sign, hue and saturation: [B, 4, 4]."""
    lighten, light, sharpen, contrast, invert, coin, turn, angle, stain, saturation = (
        numbers.unbind(1)
    )
    same = torch.eye(4, device=numbers.device, dtype=numbers.dtype).expand(len(numbers), 4, 4)
    brighter = same.clone()
    brighter[:, :3, 3] = (BRIGHTNESS * normal(light))[:, None]
    sharper = same.clone()
    sharper[:, :3, :3] *= torch.exp2(CONTRAST * normal(contrast))[:, None, None]
    # Grey is the axis of all three colours alike; what is across it is colour.
    grey = torch.zeros_like(same)
    grey[:, :3, :3] = 1 / 3
    colored = same - grey
    colored[:, 3] = 0
    inverted = same - 2 * grey * (coin < HALF)[:, None, None]
    theta = ((2 * angle - 1) * math.pi)[:, None, None]
    turned = grey + colored * theta.cos() + _across(same) * theta.sin()
    stained = grey + colored * torch.exp2(SATURATION * normal(saturation))[:, None, None]
    for matrix in (turned, stained):
        matrix[:, 3, 3] = 1
    return composed(
        chosen(stain, p, stained, same),
        chosen(turn, p, turned, same),
        chosen(invert, p, inverted, same),
        chosen(sharpen, p, sharper, same),
        chosen(lighten, p, brighter, same),
    )


def recolored(images: Tensor, matrices: Tensor) -> Tensor:
    """Apply the matrices; images of one channel keep what changes grey."""
    linear, constant = matrices[:, :3, :3], matrices[:, :3, 3]
    if images.shape[1] == 1:
        scale = linear.sum(dim=(1, 2)) / 3
        return images * scale[:, None, None, None] + constant.mean(1)[:, None, None, None]
    changed = [
        sum(images[:, column] * linear[:, row, column, None, None] for column in range(3))
        + constant[:, row, None, None]
        for row in range(3)
    ]
    return torch.stack(changed, 1)


def _across(like: Tensor) -> Tensor:
    """Return the matrix of the cross product with the grey axis."""
    matrix = torch.zeros_like(like)
    for row, column, sign in ((0, 1, -1), (0, 2, 1), (1, 0, 1), (1, 2, -1), (2, 0, -1), (2, 1, 1)):
        matrix[:, row, column] = sign / math.sqrt(3)
    return matrix
