"""How the step size of a judge's lesson rises and falls."""

import math

import pytest

from ganx.builtin.schedules import DecayConfig, cosine
from ganx.judging.lesson import rise_and_fall


def test_the_step_rises_over_a_fifth_and_falls_to_nothing() -> None:
    steps = [rise_and_fall(seen, 100) for seen in (0, 10, 20, 60, 100, 120)]
    assert steps == pytest.approx([0, 0.5, 1, 0.5, 0, 0], abs=1e-12)
    assert all(math.isfinite(rise_and_fall(seen, 3)) for seen in range(6))


@pytest.mark.parametrize("images", [1, 4, 5, 7, 1000])
def test_it_is_the_cosine_schedule_to_the_bit(images: int) -> None:
    schedule = cosine(DecayConfig(warmup=images // 5, horizon=images))
    assert [rise_and_fall(i, images) for i in range(images + 9)] == [
        schedule(i) for i in range(images + 9)
    ]
