"""Candidates for a number format and a memory order, timed in turn within a few seconds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple, Protocol

BUDGET = 2.7
"""Seconds; with the copying of the networks beforehand, measuring takes three at most."""

HOPELESS = 3.0
"""How many times as long as float32 a format may take for a few images. It is generous, as
changing the format of the weights weighs more there than in training."""

FEW, MORE = 2, 8
"""Images of the first passes: the fewest that batch norm takes, and enough to see a slope."""

_STEP_COST = 6.5
"""A step by a forward pass: D's passes over real and over generated images, G's through D, and
each way back is twice the way there."""

_HASTE = 1.3
"""Work is begun where this many times what it should take is left."""

_ROUNDS = 12


@dataclass(frozen=True)
class Candidate:
    """A number format and a memory order."""

    precision: str
    channels_last: bool


class TooLateError(RuntimeError):
    """Work was given up, as the time was over."""


class Work(Protocol):
    """Passes ``count`` images through the networks, with ``learning`` also backward, and waits.

    Returns the seconds that it cost. May raise ``TooLateError``.
    """

    def __call__(self, candidate: Candidate, count: int, *, learning: bool) -> float:
        """Do it once."""


Costs = dict[Candidate, float]


class _Lap(NamedTuple):
    """Work that was done."""

    cost: float
    """What is compared; infinite where the work failed."""

    seconds: float
    """What it took of the budget."""


class _Line(NamedTuple):
    """What forward passes take, as a function of their images."""

    few: float
    each: float
    """Seconds for each more."""


class Race:
    """Times candidates; no work is begun that should not end in time.

    One whose work raises ``RuntimeError``, as where a layer lacks its format, costs infinitely
    much; what the usual one raises is raised.
    """

    def __init__(
        self, usual: Candidate, batch: int, work: Work, clock: Callable[[], float]
    ) -> None:
        self.usual = usual
        self._batch, self._work, self._clock, self._start = batch, work, clock, clock()
        self._patience = inf
        """Seconds of a forward pass after which it is hopeless, even if it was given up."""
        self._few, self._more = min(FEW, batch), min(MORE, batch)

    def heat(self, others: Sequence[Candidate]) -> dict[Candidate, _Line]:
        """Pass a few images through all, and return the pace of those that are not hopeless.

        Nothing where there was no time to tell.
        """
        fit: dict[Candidate, _Line] = {}
        limit = inf
        for one in (self.usual, *others):
            few = self._forward(one, self._few)
            if few is None:
                return {}
            if one == self.usual:
                limit, self._patience = HOPELESS * few.cost, HOPELESS * few.seconds
            if few.cost > limit:
                continue
            many = self._forward(one, self._more, few.seconds * self._more / self._few) or few
            rise = max(0.0, many.seconds - few.seconds)
            fit[one] = _Line(few.seconds, rise / max(1, self._more - self._few))
        self._patience = inf
        return fit

    def steps(self, paces: Mapping[Candidate, _Line], until: float = 1.0) -> tuple[Costs, int]:
        """Return the least cost of a step of each, and how many images it had.

        As many as there is time for. Nothing where not all could take a step. After ``until``, a
        part of the budget, they take no second one.
        """
        count = self._batch
        while count > self._few and _HASTE * sum(_step(paces, count)) > self._left():
            count = max(count // 2, self._few)
        expected, best = dict(zip(paces, _step(paces, count), strict=True)), Costs()
        for _ in range(_ROUNDS):
            laps = self._round(expected, count, until if best else 1.0)
            if len(laps) < len(paces):
                break
            best = {one: min(lap.cost, best.get(one, inf)) for one, lap in laps.items()}
            expected = {one: lap.seconds for one, lap in laps.items()}
        return best, count

    def _round(self, expected: Costs, count: int, until: float) -> dict[Candidate, _Lap]:
        """Let each take a step, as long as there is time."""
        laps: dict[Candidate, _Lap] = {}
        for one, seconds in expected.items():
            lap = self._lap(one, count, seconds, until)
            if lap is None:
                break
            laps[one] = lap
        return laps

    def _forward(self, one: Candidate, count: int, expected: float = 0.0) -> _Lap | None:
        """Time a forward pass; twice, as the first also makes kernels, unless that was long."""
        first = self._lap(one, count, expected, learning=False)
        if first is None or 6 * first.seconds > self._left():
            return first
        return min(first, self._lap(one, count, first.seconds, learning=False) or first)

    def _lap(
        self,
        one: Candidate,
        count: int,
        expected: float,
        until: float = 1.0,
        *,
        learning: bool = True,
    ) -> _Lap | None:
        """Do some work; None where it would not end in time."""
        if _HASTE * expected > self._left(until):
            return None
        begun = self._clock()
        try:
            cost = self._work(one, count, learning=learning)
        except TooLateError:
            spent = self._clock() - begun
            return _Lap(inf, spent) if spent > self._patience else None
        except RuntimeError:
            if one == self.usual:
                raise
            cost = inf
        return _Lap(cost, self._clock() - begun)

    def _left(self, until: float = 1.0) -> float:
        """Tell how many seconds are left of a part of the budget."""
        return self._start + until * BUDGET - self._clock()


def _step(paces: Mapping[Candidate, _Line], count: int) -> list[float]:
    """Estimate the seconds of a step of so many images from those of forward passes."""
    more = count - min(FEW, count)
    return [_STEP_COST * (line.few + more * line.each) for line in paces.values()]
