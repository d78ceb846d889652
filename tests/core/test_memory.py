"""The memory that a run is expected to take."""

from collections.abc import Mapping
from typing import Any

import torch
from tiny import tiny_host

from ganx.settings.run import resolve
from ganx.training.memory import MemoryEstimate, count_parameters, estimate_memory
from ganx.training.setup import Draft, draft, execution_of


def tiny_draft(**train: Any) -> Draft:
    settings: Mapping[str, Any] = {"recipe": "tiny", "train": train}
    return draft(tiny_host(), resolve(tiny_host(), settings))


def estimate(plan: Draft) -> MemoryEstimate:
    return estimate_memory(plan, execution_of(plan.config.train))


def test_activations_grow_with_the_batch_and_shrink_with_accumulation() -> None:
    small, large = estimate(tiny_draft(batch_size=16)), estimate(tiny_draft(batch_size=64))
    parts = estimate(tiny_draft(batch_size=64, accumulate=4))
    # Some of what is kept, such as batch norm's statistics, does not depend on the batch.
    assert 3 < large.activations / small.activations <= 4
    assert parts.activations == small.activations
    assert large.networks == small.networks


def test_accumulation_does_not_shrink_what_is_kept_for_the_next_phase() -> None:
    plan = {"name": "joint", "reuse_fakes": True}
    whole, cut = (
        draft(
            tiny_host(),
            resolve(
                tiny_host(),
                {"recipe": "tiny", "plan": plan, "train": {"batch_size": 64, "accumulate": parts}},
            ),
        )
        for parts in (1, 4)
    )
    assert estimate(cut).activations == estimate(whole).activations


def test_weights_their_average_gradients_and_moments_are_counted() -> None:
    plan = tiny_draft()
    generator = count_parameters(plan.networks.generator)
    both = generator + count_parameters(plan.networks.discriminator)
    assert estimate(plan).networks == 4 * (4 * both + generator)


def test_estimating_leaves_the_networks_as_they_were() -> None:
    plan = tiny_draft()
    weights = {
        f"{name}.{key}": value.clone()
        for name, net in plan.networks.modules().items()
        for key, value in net.state_dict().items()
    }
    estimate(plan)
    for name, net in plan.networks.modules().items():
        for key, value in net.state_dict().items():
            assert torch.equal(value, weights[f"{name}.{key}"])


def test_the_images_are_counted_as_bytes() -> None:
    assert estimate(tiny_draft()).images == 50 * 8 * 8 * 3
