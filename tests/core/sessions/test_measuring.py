"""Which number format and memory order is chosen, by a clock that only work moves."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from ganx.sessions.measuring import Verdict, choose, measure
from ganx.sessions.race import BUDGET, Candidate, TooLateError

FORMATS = ("float32", "bfloat16")
USUAL, FAST = Candidate("float32", channels_last=True), Candidate("bfloat16", channels_last=True)
STEP = 6.5

Forward = Callable[[Candidate, int], float]
"""The seconds of a forward pass of so many images."""


class Machine:
    """Does nothing, in the time that a function says."""

    def __init__(self, forward: Forward) -> None:
        self.now = 0.0
        self.done: list[tuple[Candidate, int, bool]] = []
        self._forward = forward

    def clock(self) -> float:
        return self.now

    def work(self, candidate: Candidate, count: int, *, learning: bool) -> float:
        self.done.append((candidate, count, learning))
        seconds = self._forward(candidate, count) * (STEP if learning else 1.0)
        self.now += seconds
        return seconds

    def measure(self, batch: int = 64, orders: tuple[bool, ...] = (True, False)) -> Verdict | None:
        return measure(FORMATS, orders, batch, self.work, self.clock)

    def steps(self, candidate: Candidate) -> list[int]:
        return [count for one, count, learning in self.done if learning and one == candidate]


def paced(each: float, bfloat16: float = 1.0, contiguous: float = 1.0) -> Forward:
    """Take so many seconds an image; the other choices are so many times as fast."""

    def forward(one: Candidate, count: int) -> float:
        times = bfloat16 if one.precision == "bfloat16" else 1.0
        return each * count / (times if one.channels_last else times * contiguous)

    return forward


@pytest.mark.parametrize(
    ("bfloat16", "expected"),
    [(0.5, "float32"), (1.14, "float32"), (1.16, "bfloat16"), (2.3, "bfloat16")],
)
def test_another_format_is_taken_where_it_is_clearly_faster(bfloat16: float, expected: str) -> None:
    verdict = Machine(paced(1e-4, bfloat16)).measure()
    assert verdict is not None
    assert verdict.candidate == Candidate(expected, channels_last=True)
    assert verdict.times_float32 == pytest.approx(1.0 if expected == "float32" else bfloat16)


@pytest.mark.parametrize(("contiguous", "channels_last"), [(1.14, True), (1.16, False)])
@pytest.mark.parametrize("bfloat16", [1.0, 2.0])
def test_the_other_memory_order_is_taken_where_it_is_clearly_faster(
    bfloat16: float, contiguous: float, channels_last: bool
) -> None:
    verdict = Machine(paced(1e-4, bfloat16, contiguous)).measure()
    assert verdict is not None
    assert verdict.candidate.channels_last is channels_last
    expected = bfloat16 * (1.0 if channels_last else contiguous)
    assert verdict.times_float32 == pytest.approx(expected)


def test_a_memory_order_that_was_asked_for_is_the_only_one_tried() -> None:
    machine = Machine(paced(1e-4, contiguous=0.1))
    verdict = machine.measure(orders=(False,))
    assert verdict == Verdict(Candidate("float32", channels_last=False), 1.0)
    assert {one.channels_last for one, _, _ in machine.done} == {False}


def test_steps_of_the_formats_alternate_on_the_whole_batch_where_there_is_time() -> None:
    machine = Machine(paced(1e-5))
    machine.measure(orders=(True,))
    steps = [(one, count) for one, count, learning in machine.done if learning]
    assert {count for _, count in steps} == {64}
    assert all(one != other for (one, _), (other, _) in pairwise(steps))
    assert len(steps) == 24


def test_a_format_that_is_many_times_slower_never_takes_a_step() -> None:
    machine = Machine(paced(1e-3, bfloat16=0.1))
    assert machine.measure() == Verdict(USUAL, 1.0)
    assert machine.steps(FAST) == []
    assert not any(one.precision == "bfloat16" and count > 2 for one, count, _ in machine.done)


@pytest.mark.parametrize("each", [1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3])
@pytest.mark.parametrize("bfloat16", [0.1, 0.4, 1.0, 2.0])
def test_measuring_ends_in_time_whatever_the_width(each: float, bfloat16: float) -> None:
    """What a slow format's first pass takes cannot be foreseen; in life it is given up."""
    machine = Machine(paced(each, bfloat16))
    machine.measure()
    unforeseen = 2 * each * 2 / min(bfloat16, 1.0)
    assert machine.now <= max(BUDGET, unforeseen + 2 * each * 2)


def test_a_wide_network_is_measured_on_fewer_images() -> None:
    """A step of its 64 images takes 2.5 seconds in float32."""
    machine = Machine(paced(2.5 / 64 / STEP, 2.0))
    verdict = machine.measure()
    assert verdict is not None
    assert verdict.candidate.precision == "bfloat16"
    assert 8 <= max(machine.steps(USUAL)) < 64
    assert machine.now <= BUDGET


def test_steps_of_few_images_speak_for_a_format_but_not_against_it() -> None:
    """Where there is time for few alone, and most of their step is work on weights."""

    def forward(one: Candidate, count: int) -> float:
        return 0.06 + 0.01 * count / (1.3 if one == FAST else 1.0)

    machine = Machine(forward)
    assert machine.measure() is None
    assert max(machine.steps(USUAL)) < 16
    assert Machine(forward).measure(batch=4) is not None  # all that training will see


def test_without_time_for_a_single_step_nothing_is_told() -> None:
    assert Machine(paced(0.3, bfloat16=2.0)).measure() is None


def test_a_format_that_a_layer_lacks_is_not_taken() -> None:
    def forward(one: Candidate, count: int) -> float:
        if one.precision == "bfloat16":
            raise RuntimeError("not implemented for 'BFloat16'")
        return 1e-4 * count

    assert Machine(forward).measure() == Verdict(USUAL, 1.0)


def test_what_float32_raises_is_raised() -> None:
    def forward(one: Candidate, count: int) -> float:
        raise RuntimeError(f"{one} with {count}")

    with pytest.raises(RuntimeError, match="float32"):
        Machine(forward).measure()


@pytest.mark.parametrize(("spent", "verdict"), [(2.6, Verdict(USUAL, 1.0)), (0.1, None)])
def test_a_pass_that_was_given_up_is_hopeless_only_if_it_was_long(
    spent: float, verdict: Verdict | None
) -> None:
    machine = Machine(paced(0.02))

    def work(candidate: Candidate, count: int, *, learning: bool) -> float:
        if candidate == FAST:
            machine.now += spent
            raise TooLateError
        return machine.work(candidate, count, learning=learning)

    assert measure(FORMATS, (True,), 64, work, machine.clock) == verdict


def test_the_first_is_chosen_of_equals() -> None:
    assert choose({USUAL: 1.0, FAST: 1.0}) == Verdict(USUAL, 1.0)
