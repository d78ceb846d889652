"""Steps on copies of a run's networks, for measuring."""

import time
from pathlib import Path

import pytest
import torch
from lab import Lab
from torch import Tensor, nn

from ganx.sessions.race import Candidate, TooLateError
from ganx.sessions.trial import Trial
from ganx.settings.run import resolve
from ganx.training.setup import Setup, set_up

CPU = torch.device("cpu")


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    host = Lab(tmp_path).host
    return set_up(host, resolve(host, {"recipe": "tiny"}))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("channels_last", [True, False])
def test_work_runs_in_the_format_and_memory_order_asked_for(
    setup: Setup, precision: str, *, channels_last: bool
) -> None:
    seen: list[tuple[torch.dtype, bool]] = []

    def look(layer: nn.Module, _inputs: object, output: Tensor) -> None:
        weight = layer.weight
        assert isinstance(weight, Tensor)
        order = weight.is_contiguous(memory_format=torch.channels_last)
        seen.append((output.dtype, order))

    setup.networks.discriminator.get_submodule("look").register_forward_hook(look)
    cost = Trial(setup, CPU).work(Candidate(precision, channels_last), 4, learning=True)
    assert cost > 0
    # Real images, generated ones, and those that G learns from.
    assert seen == [(getattr(torch, precision), channels_last)] * 3


def test_only_a_step_goes_back_through_the_networks(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    grad = torch.autograd.grad
    monkeypatch.setattr(torch.autograd, "grad", lambda *a, **k: calls.append(1) or grad(*a, **k))
    trial = Trial(setup, CPU)
    trial.work(Candidate("float32", channels_last=True), 4, learning=False)
    assert not calls
    trial.work(Candidate("float32", channels_last=True), 4, learning=True)
    assert len(calls) == 2


def test_a_pass_that_reaches_the_deadline_is_given_up(setup: Setup) -> None:
    trial = Trial(setup, CPU, deadline=time.monotonic())
    with pytest.raises(TooLateError):
        trial.work(Candidate("float32", channels_last=True), 4, learning=False)
