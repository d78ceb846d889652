"""Blits and geometric changes as one affine map for each image.

Karras et al., arXiv:2006.06676, appendix B, without the wavelet filter against aliasing.
Shapes: matrices [B, 3, 3], from places of the changed image to places of the given one, in pixels
from the middle; numbers [B, N], uniform in [0, 1).
"""

import math

import torch
from torch import Tensor

from ganx_ada.chance import HALF, chosen, normal

BLIT_NUMBERS = 7
GEOMETRY_NUMBERS = 11
SHIFT = 0.125
"""The longest shift by whole pixels, and the sd of the other one, as a share of the side."""

SCALE = 0.2
"""The sd of the binary logarithm of scales."""


def composed(*matrices: Tensor) -> Tensor:
    """Multiply matrices, by sums that no hardware rounds to TF32."""
    product = matrices[0]
    for matrix in matrices[1:]:
        product = (product[:, :, :, None] * matrix[:, None]).sum(2)
    return product


def blit_matrix(numbers: Tensor, p: Tensor, side: int, *, mirror: bool) -> Tensor:
    """Mirror, turn by a multiple of 90 degrees, and shift by whole pixels: [B, 3, 3]."""
    flip, coin, turn, quarter, shift, right, down = numbers.unbind(1)
    one, same = torch.ones_like(flip), _identity(numbers)
    mirrored = chosen(flip, p, _scaled(torch.where(coin < HALF, -one, one), one), same)
    turns = (quarter * 4).floor()
    # Whole numbers, which cosines of right angles are not quite.
    cosines = (1 - turns) * (turns != 3) * one  # noqa: PLR2004 - 1, 0, -1, 0
    sines = (2 - turns) * (turns != 0) * one
    turned = chosen(turn, p, _rotation(cosines, sines), same)
    steps = [((2 * value - 1) * SHIFT * side).round() for value in (right, down)]
    shifted = chosen(shift, p, _translation(*steps), same)
    return composed(*((mirrored,) if mirror else ()), turned, shifted)


def geometry_matrix(numbers: Tensor, p: Tensor, side: int) -> Tensor:
    """Scale, turn, stretch, turn again and shift: [B, 3, 3]."""
    grow, size, one_gate, one, stretch, aspect, two_gate, two, shift, right, down = numbers.unbind(
        1
    )
    same = _identity(numbers)
    scale = torch.exp2(SCALE * normal(size))
    scaled = chosen(grow, p, _scaled(scale, scale), same)
    # Two turns, so that an image is turned at all with probability p.
    turn = 1 - torch.sqrt(1 - p)
    first, second = (
        chosen(gate, turn, _rotation(angle.cos(), angle.sin()), same)
        for gate, angle in (
            (one_gate, (2 * one - 1) * math.pi),
            (two_gate, (2 * two - 1) * math.pi),
        )
    )
    ratio = torch.exp2(SCALE * normal(aspect))
    stretched = chosen(stretch, p, _scaled(ratio, 1 / ratio), same)
    moves = [SHIFT * side * normal(value) for value in (right, down)]
    shifted = chosen(shift, p, _translation(*moves), same)
    return composed(scaled, first, stretched, second, shifted)


def resampled(images: Tensor, matrices: Tensor) -> Tensor:
    """Read each image [B, C, S, S] at the places that its matrix says, between pixels linearly.

    Outside, images go on as in a mirror. Written with gathers, since PyTorch's ``grid_sample`` has
    no second derivative. On CUDA the gradient's sums are taken in any order.
    """
    side = images.shape[-1]
    middle = (side - 1) / 2
    axis = torch.arange(side, device=images.device, dtype=matrices.dtype) - middle
    down, right = (one.flatten() for one in torch.meshgrid(axis, axis, indexing="ij"))
    across, along = (
        matrices[:, row, 0, None] * right
        + matrices[:, row, 1, None] * down
        + matrices[:, row, 2, None]
        + middle
        for row in (0, 1)
    )
    left, top = across.floor(), along.floor()
    beside, below = (across - left)[:, None], (along - top)[:, None]
    pixels = images.flatten(2)

    def at(columns: Tensor, rows: Tensor) -> Tensor:
        places = _mirrored(rows, side) * side + _mirrored(columns, side)
        return pixels.gather(2, places[:, None].expand(-1, images.shape[1], -1))

    upper = at(left, top) * (1 - beside) + at(left + 1, top) * beside
    lower = at(left, top + 1) * (1 - beside) + at(left + 1, top + 1) * beside
    return (upper * (1 - below) + lower * below).reshape(images.shape)


def _mirrored(places: Tensor, side: int) -> Tensor:
    period = 2 * (side - 1)
    inside = places.long() % period
    return torch.where(inside >= side, period - inside, inside)


def _identity(numbers: Tensor) -> Tensor:
    return torch.eye(3, device=numbers.device, dtype=numbers.dtype).expand(len(numbers), 3, 3)


def _matrix(rows: tuple[tuple[Tensor, ...], ...]) -> Tensor:
    return torch.stack([torch.stack(row, 1) for row in rows], 1)


def _scaled(x: Tensor, y: Tensor) -> Tensor:
    none, one = torch.zeros_like(x), torch.ones_like(x)
    return _matrix(((x, none, none), (none, y, none), (none, none, one)))


def _rotation(cosine: Tensor, sine: Tensor) -> Tensor:
    none, one = torch.zeros_like(cosine), torch.ones_like(cosine)
    return _matrix(((cosine, -sine, none), (sine, cosine, none), (none, none, one)))


def _translation(x: Tensor, y: Tensor) -> Tensor:
    none, one = torch.zeros_like(x), torch.ones_like(x)
    return _matrix(((one, none, x), (none, one, y), (none, none, one)))
