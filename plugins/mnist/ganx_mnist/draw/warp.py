"""Where each point of a drawn digit comes from: turned, slanted, stretched, bent and moved.

Shapes: G cells along a side of the mesh; lengths are in shares of the canvas's side, measured from
its centre, x to the right and y down.
"""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

CELLS = 5
WAVES = 3
POSE_NUMBERS = 6
WAVE_NUMBERS = 6 * WAVES

Box = tuple[int, int, int, int]
Quad = tuple[float, ...]

# Half the range of each; the extremes are rare, as each is a sum of two even draws.
_TURN = math.radians(16.0)
_SLANT, _MEAN_SLANT = 0.4, 0.12
_WIDTH, _MEAN_WIDTH = 0.24, 0.88
_HEIGHT, _MEAN_HEIGHT = 0.14, 0.94
_SHIFT = 0.9 / 28.0
_BEND = 0.9 / 28.0
_FASTEST = 1.2  # waves along the canvas


def warp(pose: NDArray[np.float64], waves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn random numbers into the mesh's places [G + 1, G + 1, 2].

    pose: [POSE_NUMBERS] in [-1, 1), most near 0; waves: [WAVE_NUMBERS] in [0, 1). The last axis
    of the result holds x and y of the place in the upright digit that each corner of the mesh
    shows. Waves of low frequency bend strokes without tearing them, as the elastic distortions of
    Simard, Steinkraus, Platt (*Best Practices for Convolutional Neural Networks*, 2003) do.
    """
    turn, slant, width, height, right, down = pose
    across = np.linspace(-0.5, 0.5, CELLS + 1)
    corners = np.stack(np.meshgrid(across, across), axis=-1)
    moved = corners - _SHIFT * np.array([right, down])
    straight: NDArray[np.float64] = moved @ _upright(turn, slant, width, height).T
    return straight + _bend(corners, waves.reshape(WAVES, 2, 3))


def _upright(turn: float, slant: float, width: float, height: float) -> NDArray[np.float64]:
    """Make the linear map [2, 2] from drawn places back to the upright digit; each in [-1, 1)."""
    cosine, sine = math.cos(_TURN * turn), math.sin(_TURN * turn)
    turned = np.array([[cosine, -sine], [sine, cosine]])
    slanted = np.array([[1.0, -_MEAN_SLANT - _SLANT * slant], [0.0, 1.0]])
    sizes = np.diag([_MEAN_WIDTH + _WIDTH * width, _MEAN_HEIGHT + _HEIGHT * height])
    back: NDArray[np.float64] = np.linalg.inv(turned @ slanted @ sizes)
    return back


def _bend(corners: NDArray[np.float64], waves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum waves [WAVES, 2, 3] (frequencies and phase, for x and y) at each corner."""
    angle = np.einsum("ghi,kci->ghkc", corners, _FASTEST * (2 * waves[..., :2] - 1))
    bend = _BEND * np.sin(2 * np.pi * (angle + waves[..., 2])).sum(axis=2)
    centred: NDArray[np.float64] = bend - bend.mean(axis=(0, 1))
    return centred


def mesh(
    places: NDArray[np.float64], side: int, centre: tuple[float, float]
) -> Iterator[tuple[Box, Quad]]:
    """Write places as Pillow's mesh: for each cell of the canvas the four corners it shows.

    centre: the pixel of the upright digit that stands for the origin.
    """
    cuts = [side * cell // CELLS for cell in range(CELLS + 1)]
    x, y = np.moveaxis(places * side + np.array(centre), -1, 0)
    points = [
        [(float(a), float(b)) for a, b in zip(*row, strict=True)] for row in zip(x, y, strict=True)
    ]
    for row in range(CELLS):
        for column in range(CELLS):
            box = (cuts[column], cuts[row], cuts[column + 1], cuts[row + 1])
            upper, lower = points[row], points[row + 1]
            yield box, (*upper[column], *lower[column], *lower[column + 1], *upper[column + 1])
