"""How far two judges say the same of the same images. Numpy alone.

Shapes: outputs [N, K] of each judge; shown [N, K], what the images really show.
"""

import numpy as np

from ganx.contracts.condition import Condition
from ganx.judging.measures import Asked, Outputs, top_k

DIFFERENCE = "mean difference"
"""The mean absolute difference of the judges' probabilities; the rest are shares of images."""


def agreement(
    condition: Condition,
    first: Outputs,
    second: Outputs,
    shown: Asked,
    thresholds: tuple[float, float] = (0.5, 0.5),
) -> dict[str, float]:
    """Return the shares of images of which both judges say the same, and ``DIFFERENCE``.

    Labels: ``same top-k``, the same k highest outputs, where the image shows k labels, and ``same
    labels``, the same outputs above each judge's threshold. Otherwise ``same GROUP`` for each
    group, and of attributes ``same all``.
    """
    if condition.kind == "labels":
        alike = {
            "same top-k": _same(top_k(first, shown), top_k(second, shown)),
            "same labels": _same(first > thresholds[0], second > thresholds[1]),
        }
    else:
        alike = _of_groups(condition, first, second)
    difference = float(np.abs(first - second).mean())
    return {**alike, DIFFERENCE: difference}


def _of_groups(condition: Condition, first: Outputs, second: Outputs) -> dict[str, float]:
    same = {
        name: first[:, place].argmax(axis=1) == second[:, place].argmax(axis=1)
        for name, place in condition.slices.items()
    }
    shares = {f"same {name}": float(np.mean(one)) for name, one in same.items()}
    if condition.kind == "attributes":
        shares["same all"] = float(np.mean(np.all(list(same.values()), axis=0)))
    return shares


def _same(first: np.ndarray, second: np.ndarray) -> float:
    """Return the share of equal rows."""
    return float(np.mean(np.all(first == second, axis=1)))
