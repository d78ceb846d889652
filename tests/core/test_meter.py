import math

import pytest
import torch

from ganx.training.meter import LossMeter


def test_a_reading_is_the_mean_since_the_last() -> None:
    meter = LossMeter(torch.device("cpu"))
    meter.add({"a": torch.tensor(1.0), "b": torch.tensor(5.0)}, 1)
    meter.add({"a": torch.tensor(3.0), "b": torch.tensor(5.0)}, 2)
    assert meter.read().means == {"a": 2.0, "b": 5.0}

    meter.add({"a": torch.tensor(7.0), "b": torch.tensor(5.0)}, 3)
    assert meter.read().means["a"] == 7.0


def test_nothing_gathered_reads_as_nothing() -> None:
    assert LossMeter(torch.device("cpu")).read().means == {}


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_the_first_loss_that_is_not_finite_is_remembered_with_its_iteration(bad: float) -> None:
    meter = LossMeter(torch.device("cpu"))
    for iteration in range(1, 20):
        b = bad if iteration >= 7 else 0.0
        a = bad if iteration >= 9 else 0.0
        meter.add({"a": torch.tensor(a), "b": torch.tensor(b)}, iteration)

    reading = meter.read()

    assert (reading.bad_name, reading.bad_iteration) == ("b", 7)


def test_an_iteration_beyond_float32_is_told_exactly() -> None:
    meter = LossMeter(torch.device("cpu"))
    meter.add({"a": torch.tensor(math.nan)}, 2**24 + 1)

    assert meter.read().bad_iteration == 2**24 + 1
