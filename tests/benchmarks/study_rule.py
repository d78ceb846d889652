"""When labels show in what a run draws.

The rule is that of every figure of ganx, ``Figure.z``: how many standard deviations of a shuffle a
score lies above the mean of shuffles, where prompts are shuffled among the images of one draw of
noise, a hundred times. Here the score is pooled over the sets of prompts, each counting as it has
prompts, and so is its baseline, whose variances add up. That draws of noise are averaged is not
credited: images that ignore their noise would be counted several times.

Labels show from the first evaluation on that has ``SURE`` of them, as do all that follow it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ganx.contracts.results import Baseline, Figure

SURE = 5.0


@dataclass(frozen=True)
class Part:
    """A score on one set of prompts."""

    mean: float
    chance: Baseline | None
    prompts: int


def pooled(name: str, parts: Mapping[str, Part]) -> Figure:
    """Pool sets of prompts; without a baseline where one of them has none."""
    whole = sum(part.prompts for part in parts.values())
    shares = [(part, part.prompts / whole) for part in parts.values()]
    mean = sum(share * part.mean for part, share in shares)
    chances = [(part.chance, share) for part, share in shares if part.chance]
    if len(chances) < len(shares):
        return Figure(name, mean)
    expected = sum(share * chance.mean for chance, share in chances)
    spread = math.sqrt(sum((share * chance.sd) ** 2 for chance, share in chances))
    return Figure(name, mean, chance=Baseline(expected, spread))


def between(known: Mapping[int, Baseline], moment: int) -> Baseline | None:
    """Tell what shuffled prompts score at a moment, from the moments at which they were scored.

    In a straight line between two, and as at the nearest before the first and after the last. It
    changes little: with which labels the judge sees most in images that show nothing.
    """
    if not known:
        return None
    seen = sorted(known)
    means, spreads = ([getattr(known[one], name) for one in seen] for name in ("mean", "sd"))
    return Baseline(float(np.interp(moment, seen, means)), float(np.interp(moment, seen, spreads)))


def shows_from(course: Sequence[tuple[int, Figure]]) -> int | None:
    """Return the images seen from which labels show until the end; None where they do not."""
    found = None
    for moment, figure in reversed(course):
        if not figure.z >= SURE:  # which NaN is not either
            break
        found = moment
    return found
