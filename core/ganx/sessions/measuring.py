"""Which number format and memory order is fastest here: measured, within three seconds.

A forward pass of two images tells which formats are hopeless, so that these never take a step.
The others take steps in turn, of as many images as there is time for: of few, most of a step is
work on weights, and no format looks fast. The best then tries the other memory order. What was
not measured is not taken.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ganx.sessions.race import Candidate, Costs, Race, Work

WORTH = 1.15
"""How many times as fast as what is usual another choice must be."""

TELLING = 16
"""Images of a step that speak for float32; fewer may speak for another format only."""

_FORMATS_UNTIL = 0.6
"""The part of the budget after which formats are compared no more, but memory orders."""


@dataclass(frozen=True)
class Verdict:
    """What was chosen, and how many times as fast as the usual candidate it is (1 for that)."""

    candidate: Candidate
    times_float32: float


def measure(
    formats: Sequence[str],
    orders: Sequence[bool],
    batch: int,
    work: Work,
    clock: Callable[[], float] = time.monotonic,
) -> Verdict | None:
    """Choose a format, and whether it is channels-last; the first of both, float32, is usual.

    None where time was too short to tell. A candidate whose work raises ``RuntimeError`` is not
    taken; what the usual one raises is raised.
    """
    usual = Candidate(formats[0], orders[0])
    race = Race(usual, batch, work, clock)
    fit = race.heat([replace(usual, precision=name) for name in formats[1:]])
    if usual not in fit:
        return None
    best = Verdict(usual, 1.0)
    if len(fit) > 1:
        costs, images = race.steps(fit, _FORMATS_UNTIL)
        if not costs:
            return None
        best = choose(costs)
        if best.candidate == usual and images < min(TELLING, batch):
            return None
    tried = {replace(best.candidate, channels_last=order): fit[best.candidate] for order in orders}
    order = choose((len(tried) > 1 and race.steps(tried)[0]) or {best.candidate: 1.0})
    return Verdict(order.candidate, best.times_float32 * order.times_float32)


def choose(costs: Costs) -> Verdict:
    """Choose the first, the usual one, unless the cheapest is clearly cheaper."""
    usual, least = next(iter(costs)), min(costs, key=lambda one: costs[one])
    chosen = least if costs[usual] >= WORTH * costs[least] else usual
    return Verdict(chosen, costs[usual] / costs[chosen])
