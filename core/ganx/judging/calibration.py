"""Setting the threshold above which a judge is taken to see a label. Numpy alone.

Shapes: outputs [N, K] in [0, 1]; shown [N, K], 1 where a label is shown and 0 elsewhere.
"""

import numpy as np

from ganx.judging.scores import Asked, Outputs, exact_match

CANDIDATES = np.arange(1, 100) / 100


def calibrated(outputs: Outputs, shown: Asked) -> float:
    """Return the threshold of whole percents with the highest exact match.

    Of several, the one in the middle, which is the farthest from where images are lost.
    """
    scores = np.array([exact_match(outputs, shown, threshold) for threshold in CANDIDATES])
    best = CANDIDATES[scores == scores.max()]
    return float(best[len(best) // 2])
