import math

import pytest
import torch

from ganx.training.meter import Meter


def test_a_reading_has_a_row_for_each_iteration_and_the_mean_of_them() -> None:
    meter = Meter()
    meter.add({"a": torch.tensor(1.0), "b": torch.tensor(5.0)}, 64, 1)
    meter.add({"a": torch.tensor(3.0), "b": torch.tensor(5.0)}, 128, 2)

    reading = meter.read()

    assert reading.means == {"a": 2.0, "b": 5.0}
    assert reading.rows == [
        {"images_seen": 64, "iteration": 1, "a": 1.0, "b": 5.0},
        {"images_seen": 128, "iteration": 2, "a": 3.0, "b": 5.0},
    ]


def test_other_iterations_may_have_other_figures_and_means_are_over_those_that_have_them() -> None:
    meter = Meter()
    meter.add({"a": torch.tensor(1.0)}, 64, 1)
    meter.add({"b": torch.tensor(5.0), "a": torch.tensor(2.0)}, 128, 2)
    meter.add({"a": torch.tensor(6.0)}, 192, 3)

    reading = meter.read()

    assert reading.means == {"a": 3.0, "b": 5.0}
    assert [{**row} for row in reading.rows] == [
        {"images_seen": 64, "iteration": 1, "a": 1.0},
        {"images_seen": 128, "iteration": 2, "b": 5.0, "a": 2.0},
        {"images_seen": 192, "iteration": 3, "a": 6.0},
    ]


def test_a_reading_starts_anew() -> None:
    meter = Meter()
    meter.add({"a": torch.tensor(1.0)}, 64, 1)
    meter.read()
    meter.add({"a": torch.tensor(7.0)}, 128, 2)

    assert meter.read().means == {"a": 7.0}
    assert meter.read().rows == []


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_the_first_figure_that_is_not_finite_is_told_with_its_iteration(bad: float) -> None:
    meter = Meter()
    for iteration in range(1, 20):
        b = bad if iteration >= 7 else 0.0
        a = bad if iteration >= 9 else 0.0
        meter.add({"a": torch.tensor(a), "b": torch.tensor(b)}, iteration, iteration)

    reading = meter.read()

    assert (reading.bad_name, reading.bad_iteration) == ("b", 7)
