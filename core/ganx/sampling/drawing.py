"""Latents and conditions of the images of a seed: those of image i depend on seed and i alone.

``docs/drawing.md`` states the rule, which exported files name (``ganx-draw-1``) and other languages
follow: whatever changes here changes every picture of a seed, and needs another name.

Shapes: N images of a seed; z [N, Z]; c [N, K]. Seeds are below 2**64, images below 2**53.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.condition import Condition
from ganx.contracts.latent import Latent, PartKind
from ganx.contracts.summary import ConditionSummary, Rest
from ganx.errors import ConfigError
from ganx.sampling.philox import Words, halves, philox

Array = NDArray[np.float32]
Doubles = NDArray[np.float64]

_LATENT, _CONDITION = 0, 1
"""What words are for."""

_SEEDS = 2**64
_WORD = 2.0**32
_LANES = 4


def draw_latents(latent: Latent, seed: int, images: range) -> Array:
    """Draw z [N, Z] of these images of a seed.

    Raises ``ConfigError`` for a seed that is negative, or 2**64 and more.
    """
    words = _words(seed, images, _LATENT, 2 * latent.size)
    first, second = words[:, ::2], words[:, 1::2]
    z = np.empty((len(images), latent.size), np.float32)
    for part in latent.parts:
        where = latent.slices[part.name]
        z[:, where] = _NUMBERS[part.kind](first[:, where], second[:, where])
    return z


def draw_conditions(
    summary: ConditionSummary, condition: Condition, seed: int, images: range
) -> Array:
    """Draw c [N, K] of these images of a seed, as often as conditions occurred in training.

    Values of images whose combination is not listed are drawn one by one: by group, or as many
    different labels as such images have. Raises ``ConfigError`` as ``draw_latents`` does.
    """
    listed = sum(summary.counts)
    rest = summary.rest.images if summary.rest else 0
    chosen = _below(listed + rest, _words(seed, images, _CONDITION, 1)[:, 0])
    known = chosen < listed
    rows = np.zeros((len(summary.combinations), condition.size), np.float32)
    for row, entries in zip(rows, summary.combinations, strict=True):
        row[list(entries)] = 1
    c = np.zeros((len(images), condition.size), np.float32)
    c[known] = rows[_place(summary.counts, chosen[known])]
    if summary.rest and not known.all():
        c[~known] = _draw_rest(summary.rest, condition, seed, images)[~known]
    return c


def _draw_rest(rest: Rest, condition: Condition, seed: int, images: range) -> Array:
    """Draw for each image a condition of the images whose combination is not listed: [N, K]."""
    c = np.zeros((len(images), condition.size), np.float32)
    if condition.kind == "labels":
        most = len(rest.labels_per_image) - 1
        words = _words(seed, images, _CONDITION, 2 + most)
        many = _place(rest.labels_per_image, _below(rest.images, words[:, 1]))
        many = np.minimum(many, condition.limit or most)
        for row, labels, own in zip(c, many, words[:, 2:], strict=True):
            row[_different(rest.values, own[:labels])] = 1
        return c
    words = _words(seed, images, _CONDITION, 2 + len(condition.groups))
    for number, where in enumerate(condition.slices.values()):
        values = rest.values[where]
        place = _place(values, _below(rest.images, words[:, 2 + number]))
        # The last row is for images of a group of which some have no value.
        c[:, where] = np.eye(len(values) + 1, len(values), dtype=np.float32)[place]
    return c


def _different(weights: tuple[int, ...], words: Words) -> list[int]:
    """Choose a value by each word, none of them twice, as long as there are any."""
    left, chosen = list(weights), list[int]()
    for word in words.tolist():
        if not (total := sum(left)):
            break
        place = int(_place(left, np.array((word * total) >> 32)))
        chosen.append(place)
        left[place] = 0
    return chosen


def _words(seed: int, images: range, purpose: int, count: int) -> Words:
    """Return the first words [N, count] that images of a seed have for a purpose."""
    if not 0 <= seed < _SEEDS:
        raise ConfigError(f"A seed is a whole number from 0 to {_SEEDS - 1}, not {seed}.")
    blocks = -(-count // _LANES)
    numbers = np.arange(images.start, images.stop, dtype=np.uint64)
    counters = np.empty((len(numbers), blocks, _LANES), np.uint64)
    counters[:, :, 0] = np.arange(blocks)
    counters[:, :, 1] = (numbers & np.uint64(0xFFFFFFFF))[:, None]
    counters[:, :, 2] = (numbers >> np.uint64(32))[:, None]
    counters[:, :, 3] = purpose
    words = philox(counters, halves(seed))
    return words.reshape(len(numbers), blocks * _LANES)[:, :count]


def _below(count: int, words: Words) -> NDArray[np.int64]:
    """Scale words to whole numbers from 0 to ``count``, which is not reached."""
    return ((words * np.uint64(count)) >> np.uint64(32)).astype(np.int64)


def _place(weights: tuple[int, ...] | list[int], numbers: NDArray[np.int64]) -> NDArray[np.intp]:
    """Find where numbers fall when each place takes as many as its weight says."""
    return np.searchsorted(np.cumsum(weights), numbers, side="right")


def _normal(first: Words, second: Words) -> Doubles:
    """Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958."""
    radius: Doubles = np.sqrt(-2 * np.log((first + np.uint64(1)) / _WORD))
    return radius * np.cos(2 * np.pi * (second / _WORD))


def _uniform(first: Words, _: Words) -> Doubles:
    return (first + np.float64(0.5)) / (_WORD / 2) - 1


def _categorical(first: Words, _: Words) -> Doubles:
    size = first.shape[1]
    return np.eye(size)[_below(size, first[:, 0])]


_NUMBERS: dict[PartKind, Callable[[Words, Words], Doubles]] = {
    "normal": _normal,
    "uniform": _uniform,
    "continuous": _uniform,
    "categorical": _categorical,
}
