"""What a loss term may look at when it draws, for tests of terms."""

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.term import Drawing

NO_LABELS = np.zeros((1, 0), np.uint8)


def drawing(count: int, seed: int = 0, rows: NDArray[np.uint8] = NO_LABELS) -> Drawing:
    """Offer a batch that shows the training set's conditions [N, K] by turns."""
    batch = np.resize(rows, (count, rows.shape[1])).astype(np.float32)
    return Drawing(count, np.random.default_rng(seed), batch, ConditionDistribution.of(rows))
