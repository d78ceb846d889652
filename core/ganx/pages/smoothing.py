"""Curves made readable: a running mean, and fewer points of the same shape.

Shapes: a curve has T points, at ``seen`` [T] images seen, in ascending order.
"""

import numpy as np

from ganx.runs.metrics import Column


def running_mean(seen: Column, values: Column, width: float) -> Column:
    """Return at each point the mean of all readings within half of ``width`` images of it: [T].

    At the ends of the curve the window is narrower; a width of 0 gives the readings themselves.
    """
    if not width:
        return values
    first = np.searchsorted(seen, seen - width / 2, side="left")
    last = np.searchsorted(seen, seen + width / 2, side="right")
    # Not from running sums, in which one huge reading would drown all that follow.
    bounds = np.stack([first, last], axis=1).ravel()
    sums = np.add.reduceat(np.append(values, 0.0), bounds)[::2]
    return np.asarray(sums / (last - first))


def thinned(seen: Column, values: Column, points: int) -> tuple[Column, Column]:
    """Keep the lowest and the highest reading of each stretch: at most about ``points`` in all.

    A drawing narrower than that many pixels looks the same as with all of them.
    """
    if len(values) <= points:
        return seen, values
    stretch = -(-2 * len(values) // points)
    whole = len(values) // stretch * stretch
    stretches = values[:whole].reshape(-1, stretch)
    starts = np.arange(0, whole, stretch)
    ends = (starts + stretches.argmin(axis=1), starts + stretches.argmax(axis=1))
    kept = np.unique(np.concatenate([*ends, np.arange(whole, len(values)), [0]]))
    return seen[kept], values[kept]
