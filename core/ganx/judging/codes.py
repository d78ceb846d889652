"""How well a generator's learned codes agree with the classes that a judge sees.

Shapes: codes and seen [N], indices of code values and of classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.judge import Judge
from ganx.contracts.results import Figure
from ganx.errors import DataError
from ganx.judging.baseline import shuffled, summarised
from ganx.judging.draws import as_trained, draws_of
from ganx.judging.matching import Indices, Matching, agreements, match_codes


@dataclass(frozen=True)
class CodeFinding:
    """How well the values of a learned code agree with classes."""

    part: str
    """The categorical part of the latent."""

    group: str
    """The group of classes that its values were matched to."""

    figure: Figure
    """The accuracy, matched anew for each seed of the noise, and for each shuffle."""

    matching: Matching
    """Over the images of all seeds."""

    counts: NDArray[np.int64]
    """Images of all seeds by code value and class seen."""


def of_codes(
    frozen: FrozenGenerator, judge: Judge, images: int, seeds: Sequence[int]
) -> list[CodeFinding]:
    """Match each categorical code of the latent to each group of classes that the judge knows.

    Raises ``DataError`` when the judge knows labels, of which an image has any number.
    """
    condition = judge.interface.condition
    if condition.kind == "labels":
        raise DataError("A code's values can be matched to classes or attributes, not to labels.")
    draws = list(draws_of(frozen, judge, as_trained(frozen, images), seeds))
    found = []
    for part in frozen.latent.parts:
        if part.kind == "categorical":
            codes = [draw.z[:, frozen.latent.slices[part.name]].argmax(axis=1) for draw in draws]
            for group, place in condition.slices.items():
                seen = [draw.answers[:, place].argmax(axis=1) for draw in draws]
                sizes = (part.size, place.stop - place.start)
                found.append(_matched(part.name, group, codes, seen, sizes))
    return found


def _matched(
    part: str, group: str, codes: Sequence[Indices], seen: Sequence[Indices], sizes: tuple[int, int]
) -> CodeFinding:
    """Match one code to one group: for each seed and its shuffles, and over all seeds."""
    scores, baselines = [], []
    for number, (code, shown) in enumerate(zip(codes, seen, strict=True)):
        scores.append(match_codes(code, shown, *sizes).accuracy)
        baselines.append(shuffled(partial(_rematched, code, shown, sizes), len(code), number))
    everything = np.concatenate(codes), np.concatenate(seen)
    whole, counts = match_codes(*everything, *sizes), agreements(*everything, *sizes)
    figure = summarised(f"{part} as {group}", scores, baselines)
    return CodeFinding(part, group, figure, whole, counts)


def _rematched(
    code: Indices, shown: Indices, sizes: tuple[int, int], order: NDArray[np.int64]
) -> float:
    """Match codes in another order."""
    return match_codes(code[order], shown, *sizes).accuracy
