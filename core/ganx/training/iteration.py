"""What one iteration consists of: the phases of the plan in which some term counts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from ganx.contracts.plan import Phase, UpdatePlan
from ganx.contracts.term import Moment
from ganx.errors import ConfigError
from ganx.training.loss import LossSum


class Iteration(NamedTuple):
    """The phases of one iteration, and what their terms weigh in it."""

    phases: tuple[tuple[int, Phase], ...]
    """Each with its place in the whole plan, and restricted to the terms that count."""

    weights: Mapping[str, float]
    """By term; those that do not count are left out."""


def iteration_at(plan: UpdatePlan, loss: LossSum, moment: Moment) -> Iteration:
    """Find what there is to do at a moment.

    Raises ``ConfigError`` when no term counts in any phase: images seen would not advance.
    """
    weights = loss.weights_at(moment)

    def counting(phase: Phase) -> tuple[str, ...]:
        names = loss.defining(phase.parts, phase.terms)
        return tuple(name for name in names if name in weights)

    needed = plan.needed(lambda phase: bool(counting(phase)))
    phases = tuple((place, replace(phase, terms=counting(phase))) for place, phase in needed)
    if not phases:
        raise ConfigError(
            f"No term of the loss ({', '.join(loss.weights)}) counts in iteration "
            f"{moment.iteration + 1}, at {moment.images_seen} images seen: all weights are 0 then, "
            "and nothing would ever be learned again. Let one of them count there; schedules are "
            "under loss.weights (start, warmup, final), and some terms have a setting 'every'."
        )
    return Iteration(phases, weights)
