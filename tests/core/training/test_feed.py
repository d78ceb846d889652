"""What a phase is fed travels to a GPU without the host waiting for it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from lab import Lab
from torch import Tensor

from ganx.data.images import ImageStore, upload
from ganx.data.order import EpochOrder
from ganx.randomness import keyed_rng
from ganx.settings.run import resolve
from ganx.training.feed import Feed
from ganx.training.setup import set_up

CUDA = torch.device("cuda")


@pytest.fixture
def journeys(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bool, bool]]:
    """Of each journey to a GPU that is not there: from pinned memory? Without waiting?"""
    begun: list[tuple[bool, bool]] = []
    pinned: list[Tensor] = []
    move = Tensor.to

    def pin(tensor: Tensor) -> Tensor:
        pinned.append(tensor.clone())
        return pinned[-1]

    def to(tensor: Tensor, *place: Any, **how: Any) -> Tensor:
        if CUDA not in place:
            return move(tensor, *place, **how)
        begun.append((any(tensor is one for one in pinned), how.get("non_blocking", False)))
        return tensor

    monkeypatch.setattr(Tensor, "pin_memory", pin)
    monkeypatch.setattr(Tensor, "to", to)
    return begun


def test_everything_that_a_phase_is_fed_comes_from_pinned_memory(
    tmp_path: Path, journeys: list[tuple[bool, bool]]
) -> None:
    host = Lab(tmp_path).host
    settings = {
        "recipe": "tiny",
        "loss": {"sum": "wasserstein + 10*gradient-penalty"},
        "plan": {"name": "joint"},
        "dataset": {"augmentation": "mirror"},
        "train": {"diff_augment": ["color", "translation"]},
    }
    setup = set_up(host, resolve(host, settings))
    images = np.zeros((50, 8, 8, 3), np.uint8)
    store = ImageStore(images, setup.dataset.conditions, tmp_path)
    feed = Feed(setup, store, EpochOrder(0, 50), CUDA)

    inputs = feed.inputs(setup.plan.phases[0], 0, keyed_rng(0, 0, "phase 0"))

    # Pixels, mirroring, conditions, noise, the penalty's mixtures, and two policies twice.
    assert journeys == [(True, True)] * 9
    assert len(inputs.draws) == 1
    assert len(inputs.augment_real) == 2


@pytest.mark.parametrize("given", [np.arange(3), torch.arange(3)])
def test_on_a_cpu_nothing_is_pinned_or_copied(
    given: Any, journeys: list[tuple[bool, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tensor, "pin_memory", None)

    there = upload(given, torch.device("cpu"))

    assert there.data_ptr() == torch.as_tensor(given).data_ptr()
    assert journeys == []
