"""Setting the threshold above which a judge is taken to see a label. Numpy alone.

Shapes: outputs [N, K] in [0, 1]; shown [N, K], 1 where a label is shown and 0 elsewhere.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.judge import Answers, Judge, resized
from ganx.data.images import ImageStore
from ganx.judging.material import Parts
from ganx.judging.measures import Asked, Outputs, all_scores, exact_match

CANDIDATES = np.arange(1, 100) / 100


def calibrated(outputs: Outputs, shown: Asked) -> float:
    """Return the threshold of whole percents with the highest exact match.

    Of several, the one in the middle, which is the farthest from where images are lost.
    """
    scores = np.array([exact_match(outputs, shown, threshold) for threshold in CANDIDATES])
    best = CANDIDATES[scores == scores.max()]
    return float(best[len(best) // 2])


_EXAMINED_AT_ONCE = 512


def _examined(judge: Judge, store: ImageStore, parts: Parts) -> Judge:
    """Set the threshold, and add it and the scores on held-out images to the record."""
    record = dict(judge.record)
    if len(parts.calibration):
        shown = store.conditions.take(parts.calibration, axis=0)
        record["threshold"] = calibrated(answers(judge, store, parts.calibration), shown)
        record["calibration"] = {"images": len(parts.calibration)}
    judge = replace(judge, record=record)
    scores = examine(judge, store, parts.held_out)
    smallest = record["settings"]["smallest"]
    if smallest:
        small = examine(judge, store, parts.held_out, smallest)
        scores |= {f"{measure} at {smallest} px": score for measure, score in small.items()}
    held_out = {"images": len(parts.held_out), "scores": scores}
    return replace(judge, record={**record, "held_out": held_out})


def examine(
    judge: Judge, store: ImageStore, indices: NDArray[np.int64], side: int = 0
) -> dict[str, float]:
    """Score a judge on images of a data set, by measure (see ``all_scores``).

    With ``side``, the images are shrunk to it first, as those of a generator of that resolution.
    """
    shown = store.conditions.take(indices, axis=0)
    found = answers(judge, store, indices, side)
    return all_scores(judge.interface.condition, found, shown, judge.threshold)


def answers(judge: Judge, store: ImageStore, indices: NDArray[np.int64], side: int = 0) -> Answers:
    """Ask a judge about images of a data set, shrunk to ``side`` if it is given: [N, K]."""
    found = []
    for piece in np.array_split(indices, -(-len(indices) // _EXAMINED_AT_ONCE)):
        images = store.batch(piece, judge.device)
        found.append(judge.probabilities(resized(images, side) if side else images))
    return np.concatenate(found)
