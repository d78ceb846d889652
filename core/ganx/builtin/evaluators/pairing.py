"""Which of the objects that are seen stands for which of those that were asked for.

Of an image that was asked for k objects, the k highest outputs are seen. Shapes: outputs and asked
[N, K]; M objects asked for in all; F factors.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganx.builtin.evaluators.factors import Factor
from ganx.judging.measures import Asked, Outputs

_MOST_ENUMERATED = 4
"""Up to so many objects, all ways to pair them are tried at once for all images."""


class Pairs(NamedTuple):
    """Objects asked for and what was seen in their place, as indices of labels."""

    asked: NDArray[np.int64]
    """[M]"""

    seen: NDArray[np.int64]
    """[M]"""


def paired(outputs: Outputs, asked: Asked, factors: Sequence[Factor]) -> Pairs:
    """Pair the objects of each image one-to-one, so that they agree as far as they can.

    Equal objects are paired first. The others are paired so that they share the most factors in
    all; where several ways do, so that they share the first factor most often, then the second, and
    so on. Ways that are still equal differ in nothing that a share over all objects could tell; of
    up to four objects the first way is taken, with both sides in the order of the labels. Of equal
    outputs the one with the lower index ranks first, as in ``top_k_score``.
    """
    wanted = asked > 0
    counts = wanted.sum(axis=1)
    ranking = np.argsort(-outputs, axis=1, kind="stable")
    worth = _worth(factors, asked.shape[1], int(counts.max(initial=0)))
    pieces = list(_by_count(wanted, counts, ranking, worth))
    columns = zip(*pieces, strict=True) if pieces else [[np.empty(0, np.int64)]] * 2
    return Pairs(*(np.concatenate(column) for column in columns))


def factor_share(outputs: Outputs, asked: Asked, factors: Sequence[Factor], number: int) -> float:
    """Return how often the object seen has factor ``number`` of the one asked for."""
    pairs = paired(outputs, asked, factors)
    words = factors[number].of_labels
    return float((words[pairs.asked] == words[pairs.seen]).sum() / max(1, len(pairs.asked)))


def _by_count(
    wanted: NDArray[np.bool_],
    counts: NDArray[np.int64],
    ranking: NDArray[np.int64],
    worth: NDArray[np.int64],
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pair the images that were asked for as many objects, one number after the other."""
    for k in np.unique(counts[counts > 0]).tolist():
        rows = np.flatnonzero(counts == k)
        asked = np.nonzero(wanted[rows])[1].reshape(-1, k)
        seen = np.sort(ranking[rows, :k], axis=1)
        partners = _assigned(worth[asked[:, :, None], seen[:, None, :]])
        yield asked.ravel(), np.take_along_axis(seen, partners, axis=1).ravel()


def _worth(factors: Sequence[Factor], labels: int, most: int) -> NDArray[np.int64]:
    """Return what it is worth to pair each two labels, [K, K].

    Digits of a number to a base that no sum over ``most`` pairs reaches: equality, factors shared,
    and each factor but the last, which the others decide.
    """
    base, digits = most * max(1, len(factors)) + 1, len(factors)
    worth: NDArray[np.int64] = np.eye(labels, dtype=np.int64) * base**digits
    for number, factor in enumerate(factors):
        own = base ** (digits - 2 - number) if number < digits - 1 else 0
        shared = factor.of_labels[:, None] == factor.of_labels[None, :]
        worth += shared * (base ** (digits - 1) + own)
    return worth


def _assigned(worth: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the partner of each object asked for, [n, k], from [n, k, k], the most worth in all.

    Few objects are paired by trying all ways, for all images at once; more by the Hungarian method.
    """
    k = worth.shape[1]
    if k <= _MOST_ENUMERATED:
        ways = np.array(list(permutations(range(k))), np.int64)
        totals = worth[:, np.arange(k), ways].sum(axis=2)
        best: NDArray[np.int64] = ways[totals.argmax(axis=1)]
        return best
    from scipy.optimize import linear_sum_assignment

    return np.stack([linear_sum_assignment(one, maximize=True)[1] for one in worth])
