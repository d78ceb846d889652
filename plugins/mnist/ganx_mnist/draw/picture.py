"""One image: which digit it shows, and its pixels."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from ganx_mnist.draw.glyphs import WEIGHTS, glyph
from ganx_mnist.draw.warp import POSE_NUMBERS, WAVE_NUMBERS, mesh, warp

LEAST_CANVAS = 128
"""The canvas has at least this many pixels along its side, whatever the resolution."""

# Blur leaves thin strokes dim, where MNIST's reach white.
_BRIGHTER = np.minimum(255, np.arange(256) * 1.3).astype(np.uint8)


def digit_of(index: int) -> int:
    """Name the digit that an image shows: all ten in turn, so that they are equally frequent."""
    return index % 10


def draw_digit(seed: int, index: int, resolution: int) -> NDArray[np.uint8]:
    """Draw image ``index`` of a seed, uint8 [resolution, resolution], white on black."""
    random = np.random.default_rng([seed, index])
    weight, softness = _middling(random, 2).tolist()
    pose, waves = _middling(random, POSE_NUMBERS), random.random(WAVE_NUMBERS)
    scale = -(-LEAST_CANVAS // resolution)
    side = scale * resolution
    upright = glyph(digit_of(index), _weight(weight), side)
    quads = list(mesh(warp(pose, waves), side, (upright.x, upright.y)))
    canvas = upright.image.transform(
        (side, side), Image.Transform.MESH, quads, Image.Resampling.BILINEAR
    )
    blur = (0.42 + 0.17 * softness) * resolution / 28
    picture = canvas.reduce(scale).filter(ImageFilter.GaussianBlur(blur))
    pixels: NDArray[np.uint8] = _BRIGHTER[np.asarray(picture)]
    return pixels


def _middling(random: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Draw numbers [count] in [-1, 1), those near 0 the most often."""
    numbers: NDArray[np.float64] = random.random((2, count)).sum(axis=0) - 1.0
    return numbers


def _weight(random: float) -> int:
    """Choose a weight for a number in [-1, 1)."""
    return WEIGHTS[int((random + 1.0) / 2.0 * len(WEIGHTS))]
