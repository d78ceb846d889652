"""Which of several figures is the best, beyond what the noise over seeds explains.

A difference is clear when it is larger than twice the pooled standard deviation of both figures
over the seeds: ``2 * sqrt((sd_1^2 + sd_2^2) / 2)``. That is the spread of single draws, not of
their mean: a clear difference shows in most draws. With five draws it is a t of 3.2 or more. It
says nothing of how much training again from another seed would change.

The best must also be more than chance gives, and must not be the same in every draw of noise,
unless it is as good as can be: images that ignore the noise have a spread of 0, and would seem far
from any other.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ganx.contracts.results import ROUNDING, Figure

FACTOR = 2.0
"""Pooled standard deviations that a clear difference exceeds."""

DRAWS = 3
"""Draws of noise below which a standard deviation says too little of the spread."""

HOW = (
    "The best is named where it is ahead of every other by more than twice the pooled standard "
    f"deviation over {DRAWS} draws of noise or more, and beyond its shuffled labels by more than "
    "twice theirs, unless all draws of it score the same. Training again from another seed may "
    "change more than that."
)
"""What a reader is told."""

State = Literal["clear", "unclear", "by chance", "no spread", "few draws", "no order", "alone"]


@dataclass(frozen=True)
class Verdict:
    """What a row of figures says of its columns."""

    state: State
    """Clear: one is the best. Unclear: nobody is. By chance: one is ahead, but no further above
    its shuffled labels than shuffles lie apart. No spread: one is ahead, but all its draws score
    the same. Few draws: the spread is not known well. No
    order: neither more nor less is better. Alone: fewer than two have the figure."""

    leaders: tuple[int, ...] = ()
    """The columns than which none is clearly better; one when it is clear."""

    @property
    def best(self) -> int | None:
        """The column that is clearly the best."""
        return self.leaders[0] if self.state == "clear" else None

    def text(self, names: Sequence[str]) -> str:
        """Write it with the names of the columns."""
        ahead = " or ".join(names[index] for index in self.leaders)
        is_split = len(self.leaders) < len(names)
        texts: dict[State, str] = {
            "clear": ahead,
            "by chance": "no better than chance",
            "no spread": f"{ahead}: the same in every draw",
            "few draws": "too few draws",
            "unclear": f"{ahead}: unclear" if is_split else "no clear difference",
        }
        return texts.get(self.state, "")


def verdict(figures: Sequence[Figure | None]) -> Verdict:
    """Judge one row; None stands where a column lacks the figure."""
    there = {i: one for i, one in enumerate(figures) if one and math.isfinite(one.mean)}
    shown = list(there.values())
    if len(shown) <= 1:
        return Verdict("alone")
    if any(one.better == "neither" for one in shown):
        return Verdict("no order")
    if any(one.draws < DRAWS for one in shown):
        return Verdict("few draws")
    leaders = tuple(
        i for i, one in there.items() if not any(clearly_better(other, one) for other in shown)
    )
    if len(leaders) > 1:
        return Verdict("unclear", leaders)
    return Verdict(_state(there[leaders[0]]), leaders)


def _state(ahead: Figure) -> State:
    """Tell whether the figure that is ahead of all others is the best."""
    if ahead.is_chance:
        return "by chance"
    return "no spread" if ahead.ignores_noise else "clear"


def clearly_better(one: Figure, other: Figure) -> bool:
    """Tell whether one figure is ahead of another by more than the noise explains."""
    ahead = other.mean - one.mean if one.better == "lower" else one.mean - other.mean
    pooled = math.sqrt((one.sd**2 + other.sd**2) / 2)
    return ahead > FACTOR * pooled + ROUNDING
