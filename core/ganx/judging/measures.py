"""How well answers agree with what was asked for. Numpy alone: any network's outputs will do.

Shapes: outputs [N, K], the higher the likelier; asked [N, K], 1 where asked for and 0 elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.condition import Condition

Outputs = NDArray[np.floating]
Asked = NDArray[np.floating] | NDArray[np.integer]
Measure = Callable[[Outputs, Asked], float]
"""From outputs and asked conditions to a share in [0, 1]."""

JOINT = "all"
"""The measure of attributes that counts an image only when every group is right."""

TOP_K = "top-k"
EXACT = "exact match"
PRECISION, RECALL, F1, JACCARD = "label precision", "label recall", "label F1", "label Jaccard"

OF_LABEL_SETS = (PRECISION, RECALL, F1, JACCARD)
"""Measures of how far the labels seen are those asked for."""

WITH_THRESHOLD = (EXACT, *OF_LABEL_SETS)
"""Measures of what is seen above the judge's threshold."""


def measures(condition: Condition, threshold: float = 0.5) -> dict[str, Measure]:
    """Return what can be measured, by name.

    Classes: the accuracy, by the group's name. Attributes: each group's accuracy and that of all
    groups at once. Labels: the top-k score and, with the judge's threshold, the exact match and
    how far the sets of labels agree.
    """
    if condition.kind == "labels":
        above = {
            EXACT: exact_match,
            PRECISION: label_precision,
            RECALL: label_recall,
            F1: label_f1,
            JACCARD: label_jaccard,
        }
        at = {name: partial(measure, threshold=threshold) for name, measure in above.items()}
        return {TOP_K: top_k_score, **at}
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


def best_score(held_out: Mapping[str, float]) -> float:
    """Return the best of a judge's scores on held-out images, 1 where there are none.

    Those of label sets do not count: a judge that dares little has a high precision.
    """
    scores = [value for name, value in held_out.items() if not name.startswith(OF_LABEL_SETS)]
    return max(scores, default=1.0)


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


def label_precision(outputs: Outputs, asked: Asked, threshold: float = 0.5) -> float:
    """Return which share of the labels seen was asked for, as the mean over the images.

    Seen is what is above the threshold. Here and in the measures below, an image whose share is
    one of nothing counts 0: scikit-learn's ``average="samples"`` with ``zero_division=0``.
    """
    seen, _, both = _set_sizes(outputs, asked, threshold)
    return _mean_share(both, seen)


def label_recall(outputs: Outputs, asked: Asked, threshold: float = 0.5) -> float:
    """Return which share of the labels asked for is seen, as the mean over the images."""
    _, wanted, both = _set_sizes(outputs, asked, threshold)
    return _mean_share(both, wanted)


def label_f1(outputs: Outputs, asked: Asked, threshold: float = 0.5) -> float:
    """Return the harmonic mean of each image's precision and recall, as the mean over the images.

    Which is not the harmonic mean of ``label_precision`` and ``label_recall``.
    """
    seen, wanted, both = _set_sizes(outputs, asked, threshold)
    return _mean_share(2 * both, seen + wanted)


def label_jaccard(outputs: Outputs, asked: Asked, threshold: float = 0.5) -> float:
    """Return which share of the labels seen or asked for is both, as the mean over the images."""
    seen, wanted, both = _set_sizes(outputs, asked, threshold)
    return _mean_share(both, seen + wanted - both)


def recall_by_label(outputs: Outputs, asked: Asked, threshold: float = 0.5) -> list[float | None]:
    """Return how often each label is seen where it is asked for; None where it never is."""
    wanted = asked > 0
    hits, totals = (wanted & (outputs > threshold)).sum(axis=0), wanted.sum(axis=0)
    pairs = zip(hits.tolist(), totals.tolist(), strict=True)
    return [hit / total if total else None for hit, total in pairs]


def _set_sizes(
    outputs: Outputs, asked: Asked, threshold: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Count the labels seen, asked for, and both, of each image: [N] each."""
    seen, wanted = outputs > threshold, asked > 0
    return seen.sum(axis=1), wanted.sum(axis=1), (seen & wanted).sum(axis=1)


def _mean_share(parts: NDArray[np.int64], wholes: NDArray[np.int64]) -> float:
    """Divide image by image, where a share of nothing is 0, and take the mean."""
    return float(np.mean(parts / np.maximum(wholes, 1)))
