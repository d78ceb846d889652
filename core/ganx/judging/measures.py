"""How well answers agree with what was asked for. Numpy alone: any network's outputs will do.

Shapes: outputs [N, K], the higher the likelier; asked [N, K], 1 where asked for and 0 elsewhere.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.condition import Condition

Outputs = NDArray[np.floating]
Asked = NDArray[np.floating] | NDArray[np.integer]
Measure = Callable[[Outputs, Asked], float]
"""From outputs and asked conditions to a share of hits in [0, 1]."""

JOINT = "all"
"""The measure of attributes that counts an image only when every group is right."""

TOP_K = "top-k"
EXACT = "exact match"


def measures(condition: Condition, threshold: float = 0.5) -> dict[str, Measure]:
    """Return what can be measured, by name.

    Classes: the accuracy, by the group's name. Attributes: each group's accuracy and that of all
    groups at once. Labels: the top-k score and, with the judge's threshold, the exact match.
    """
    if condition.kind == "labels":
        return {TOP_K: top_k_score, EXACT: partial(exact_match, threshold=threshold)}
    places = condition.slices
    found: dict[str, Measure] = {name: partial(accuracy, places=[places[name]]) for name in places}
    if condition.kind == "attributes":
        found[JOINT] = partial(accuracy, places=list(places.values()))
    return found


def all_scores(
    condition: Condition, outputs: Outputs, asked: Asked, threshold: float = 0.5
) -> dict[str, float]:
    """Take every measure of a condition."""
    found = measures(condition, threshold)
    return {name: measure(outputs, asked) for name, measure in found.items()}


def accuracy(outputs: Outputs, asked: Asked, places: Sequence[slice] = (slice(None),)) -> float:
    """Return how often the highest output of each place, the first of equals, was asked for.

    ``places`` are the slices of groups, all of which have to be right.
    """
    right = [outputs[:, one].argmax(axis=1) == asked[:, one].argmax(axis=1) for one in places]
    return float(np.mean(np.all(right, axis=0)))


def top_k_score(outputs: Outputs, asked: Asked) -> float:
    """Return the score of the i-CLEVR lab.

    For each row with k labels asked for, the hits among the k highest outputs; summed hits over
    summed k.
    """
    wanted = asked > 0
    return float((wanted & top_k(outputs, asked)).sum() / max(1, wanted.sum()))


def top_k(outputs: Outputs, asked: Asked) -> NDArray[np.bool_]:
    """Mark the k highest outputs of each row with k labels asked for, [N, K].

    Of equal outputs the one with the lower index ranks first.
    """
    ranks = np.argsort(np.argsort(-outputs, axis=1, kind="stable"), axis=1)
    marked: NDArray[np.bool_] = ranks < (asked > 0).sum(axis=1, keepdims=True)
    return marked


def exact_match(outputs: Outputs, asked: Asked, threshold: float = 0.5) -> float:
    """Return how often the outputs above the threshold are all labels asked for and no other."""
    return float(np.mean(np.all((outputs > threshold) == (asked > 0), axis=1)))
