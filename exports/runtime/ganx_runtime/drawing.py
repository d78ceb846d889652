"""The rule of drawing ``ganx-draw-1``: noise and condition of image i follow from seed and i alone.

Shapes: z [B, Z]; c [B, K]; B image numbers. The same rule is in ganx and on its web page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ganx_runtime.condition import Condition
from ganx_runtime.philox import words

RULE = "ganx-draw-1"
SEEDS = 2**64
IMAGES = 2**53
_LATENT, _CONDITION = 0, 1
_WORD = 2**32

PartKind = Literal["normal", "uniform", "categorical", "continuous"]


@dataclass(frozen=True)
class LatentPart:
    """A named slice of z: noise (normal, uniform in [-1, 1]) or a code (one-hot, in [-1, 1])."""

    name: str
    kind: PartKind
    size: int


@dataclass(frozen=True)
class Rest:
    """Images whose combination of values is not listed: counts of numbers and of values alone."""

    images: int
    labels_per_image: tuple[int, ...]
    values: tuple[int, ...]


@dataclass(frozen=True)
class Summary:
    """What the generator was trained on: frequent combinations of values, and the rest."""

    combinations: tuple[tuple[int, ...], ...]
    counts: tuple[int, ...]
    rest: Rest | None


def latents(
    parts: Sequence[LatentPart], seed: int, images: NDArray[np.uint64]
) -> NDArray[np.float32]:
    """Draw z [B, Z] of image numbers [B]."""
    size = sum(part.size for part in parts)
    drawn = words(seed, images, _LATENT, 2 * size)
    first, second = drawn[:, 0::2], drawn[:, 1::2]
    z = np.zeros((len(images), size), np.float32)
    start = 0
    for part in parts:
        place = slice(start, start + part.size)
        z[:, place] = _part(part, first[:, place], second[:, place])
        start += part.size
    return z


def _part(
    part: LatentPart, first: NDArray[np.uint64], second: NDArray[np.uint64]
) -> NDArray[np.float32]:
    """Draw one part [B, size] from two words for each of its numbers."""
    if part.kind == "normal":  # Box and Muller, 1958
        radius = np.sqrt(-2 * np.log((first.astype(np.float64) + 1) / _WORD))
        angle = 2 * np.pi * second.astype(np.float64) / _WORD
        return np.asarray(radius * np.cos(angle), np.float32)
    if part.kind == "categorical":
        category = first[:, 0] * np.uint64(part.size) >> np.uint64(32)
        return np.eye(part.size, dtype=np.float32)[category.astype(np.intp)]
    return np.asarray((first.astype(np.float64) + 0.5) / 2**31 - 1, np.float32)


def conditions(
    condition: Condition, summary: Summary, seed: int, images: NDArray[np.uint64]
) -> NDArray[np.float32]:
    """Draw c [B, K] of image numbers [B] about as often as conditions occurred in training."""
    most = len(summary.rest.labels_per_image) if summary.rest else 0
    drawn = words(seed, images, _CONDITION, 2 + max(most, len(condition.groups)))
    c = np.zeros((len(images), condition.size), np.float32)
    for row, numbers in zip(c, drawn.tolist(), strict=True):
        row[_values(condition, summary, numbers)] = 1
    return c


def _values(condition: Condition, summary: Summary, numbers: Sequence[int]) -> list[int]:
    """Choose the entries that one image shows."""
    rest = summary.rest
    listed = sum(summary.counts)
    image = numbers[0] * (listed + (rest.images if rest else 0)) // _WORD
    if rest is None or image < listed:
        return list(summary.combinations[_place(summary.counts, image)])
    if condition.kind == "labels":
        return _labels(rest, condition.limit, numbers[1:])
    chosen = []
    for group, number in zip(condition.slices.values(), numbers[2:], strict=False):
        place = _place(rest.values[group], number * rest.images // _WORD)
        if place < group.stop - group.start:  # past them all, the image lacks the attribute
            chosen.append(group.start + place)
    return chosen


def _labels(rest: Rest, limit: int, numbers: Sequence[int]) -> list[int]:
    """Choose how many labels, and then one after the other among those not yet chosen."""
    many = _place(rest.labels_per_image, numbers[0] * rest.images // _WORD)
    weights = list(rest.values)
    chosen: list[int] = []
    for number in numbers[1 : 1 + (min(many, limit) if limit else many)]:
        total = sum(weights)
        if total == 0:
            break
        chosen.append(_place(weights, number * total // _WORD))
        weights[chosen[-1]] = 0
    return chosen


def _place(counts: Sequence[int], number: int) -> int:
    """Find what has the number when all are counted one after the other; their number past all."""
    ends = enumerate(accumulate(counts))
    return next((place for place, end in ends if number < end), len(counts))
