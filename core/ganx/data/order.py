"""The order in which a training set is walked through."""

import numpy as np
from numpy.typing import NDArray

from ganx.randomness import keyed_rng


class EpochOrder:
    """An endless walk over a training set, shuffled anew for each pass.

    The walk is a function of (seed, size, shares); a position in it is the number of images seen. A
    batch may reach from one pass into the next, so that every image counts equally. With ``shares``
    [size], which sum to 1, a pass is as long, and image i is in it ``size * shares[i]`` times,
    rounded up or down by chance.
    """

    def __init__(self, seed: int, size: int, shares: NDArray[np.float64] | None = None) -> None:
        self._seed = seed
        self._size = size
        self._shares = shares
        self._epoch = -1
        self._permutation: NDArray[np.int64] = np.empty(0, dtype=np.int64)

    def batch(self, images_seen: int, count: int) -> NDArray[np.int64]:
        """Return the indices [count] of the images from position ``images_seen`` on."""
        taken: list[NDArray[np.int64]] = []
        while count > 0:
            epoch, offset = divmod(images_seen, self._size)
            piece = self.permutation(epoch)[offset : offset + count]
            taken.append(piece)
            images_seen += len(piece)
            count -= len(piece)
        return np.concatenate(taken)

    def permutation(self, epoch: int) -> NDArray[np.int64]:
        """Return the order [size] of one pass."""
        if epoch != self._epoch:
            self.restore(epoch, self._drawn(epoch))
        return self._permutation

    def _drawn(self, epoch: int) -> NDArray[np.int64]:
        """Draw the order of one pass."""
        if self._shares is None:
            return keyed_rng(self._seed, epoch, "epoch order").permutation(self._size)
        rng = keyed_rng(self._seed, epoch, "balanced order")
        # Systematic sampling: images lie on a line, each as long as its share, in random order, and
        # evenly spaced points choose them.
        line = rng.permutation(self._size)
        ends = self._shares[line].cumsum()
        points = (np.arange(self._size) + rng.random()) * (ends[-1] / self._size)
        chosen = np.searchsorted(ends, points, side="right").clip(max=self._size - 1)
        return rng.permutation(line[chosen])

    def restore(self, epoch: int, permutation: NDArray[np.int64]) -> None:
        """Continue a pass in the order a checkpoint recorded, whatever numpy would draw today."""
        self._epoch, self._permutation = epoch, permutation
