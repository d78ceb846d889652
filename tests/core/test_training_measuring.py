"""Which number format and memory order is chosen, with a clock that only work moves."""

from collections.abc import Callable

import pytest

from ganx.training.measuring import WORTH, choose, measure
from ganx.training.race import BUDGET, Candidate, TooLateError

FORMATS = ("float32", "bfloat16")
Speed = Callable[[Candidate, int, bool], float]


class Machine:
    """Work takes as long as a function of (candidate, count, learning) says."""

    def __init__(self, speed: Speed) -> None:
        self.now = 0.0
        self.done: list[tuple[Candidate, int, bool]] = []
        self._speed = speed

    def clock(self) -> float:
        return self.now

    def work(self, candidate: Candidate, count: int, *, learning: bool) -> float:
        self.done.append((candidate, count, learning))
        seconds = self._speed(candidate, count, learning)
        self.now += seconds
        return seconds

    def steps_of(self, precision: str) -> list[int]:
        return [n for one, n, learning in self.done if learning and one.precision == precision]


def speed(each: float, bfloat16: float = 1.0, contiguous: float = 1.0) -> Speed:
    """Seconds of an image forward, and how many times as fast the others are."""

    def seconds(one: Candidate, count: int, learning: bool) -> float:  # noqa: FBT001
        taken = each * count * (6.5 if learning else 1.0)
        taken /= bfloat16 if one.precision == "bfloat16" else 1.0
        return taken / (1.0 if one.channels_last else contiguous)

    return seconds
