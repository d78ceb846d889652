"""Outlines as points: all that is drawn is a polygon, so that a head can tilt and turn.

Shapes: points are [N, 2], x to the right and y down; a picture spans -1 to 1 both ways.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Corner = tuple[float, float]

_STEPS = 5


def ellipse(
    x: float, y: float, width: float, height: float, start: float = 0.0, stop: float = 1.0
) -> Points:
    """Outline an ellipse by its centre and radii, or the part between two fractions of a turn.

    A turn begins at the right and goes by the bottom, the left and the top.
    """
    points: Points = np.array((x, y)) + _circle(start, stop) * np.array((width, height))
    return points


@cache
def _circle(start: float, stop: float) -> Points:
    """Place points on a part of the unit circle."""
    turn = 2 * np.pi * np.linspace(start, stop, max(8, round(28 * abs(stop - start))))
    points: Points = np.stack((np.cos(turn), np.sin(turn)), axis=1)
    return points


def closed(corners: Sequence[Corner]) -> Points:
    """Run a smooth closed curve through corners."""
    points: Points = _spline(len(corners), loop=True) @ np.array(corners)
    return points


def open_curve(corners: Sequence[Corner]) -> Points:
    """Run a smooth curve through corners, from the first to the last."""
    points: Points = _spline(len(corners), loop=False) @ np.array(corners)
    return points


@cache
def _spline(count: int, *, loop: bool) -> Points:
    """Weights [points, count] of each corner in a Catmull-Rom spline (Catmull and Rom, 1974)."""
    t = np.arange(_STEPS)[:, None] / _STEPS
    blend = 0.5 * np.concatenate(
        (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2),
        axis=1,
    )
    pieces = count if loop else count - 1
    weights = np.zeros((pieces * _STEPS + (not loop), count))
    for piece in range(pieces):
        rows = slice(piece * _STEPS, (piece + 1) * _STEPS)
        for column, corner in enumerate(range(piece - 1, piece + 3)):
            place = corner % count if loop else min(max(corner, 0), count - 1)
            weights[rows, place] += blend[:, column]
    if not loop:
        weights[-1, -1] = 1.0
    return weights


def bend(start: Corner, control: Corner, stop: Corner) -> Points:
    """Run a quadratic Bézier curve from start towards a control point and on to stop."""
    points: Points = _bezier() @ np.array((start, control, stop))
    return points


@cache
def _bezier() -> Points:
    """Weights [points, 3] of the three points of a quadratic Bézier curve."""
    t = np.linspace(0.0, 1.0, _STEPS + 1)[:, None]
    return np.concatenate(((1 - t) ** 2, 2 * t * (1 - t), t**2), axis=1)


def tuft(start: Corner, tip: Corner, stop: Corner, bulge: float = 0.6) -> Points:
    """Outline a tuft of hair that hangs from start and stop and ends in a tip.

    A ``bulge`` of 1 makes its sides run down before they turn to the tip, 0 makes them straight.
    """
    ends = []
    for root in (start, stop):
        level = root[1] + (tip[1] - root[1]) * 0.62
        straight = root[0] + (tip[0] - root[0]) * 0.62
        ends.append((straight + (root[0] - straight) * bulge, level))
    return np.concatenate((bend(start, ends[0], tip), bend(tip, ends[1], stop)[1:]))


def mirrored(points: Points) -> Points:
    """Flip left and right, keeping the sense of rotation."""
    flipped: Points = points[::-1] * np.array((-1.0, 1.0))
    return flipped


def symmetric(half: Points) -> Points:
    """Close a right half, drawn from top to bottom, by its mirror image."""
    return np.concatenate((half, mirrored(half)))
