"""The memory that a run is expected to take."""

from collections.abc import Mapping
from typing import Any

import torch
from tiny import tiny_host

from ganx.settings.run import resolve
from ganx.training.memory import MemoryEstimate, count_parameters, estimate_memory
from ganx.training.setup import Setup, execution_of, set_up


def tiny_setup(**train: Any) -> Setup:
    settings: Mapping[str, Any] = {"recipe": "tiny", "train": train}
    return set_up(tiny_host(), resolve(tiny_host(), settings))


def estimate(setup: Setup) -> MemoryEstimate:
    return estimate_memory(setup, execution_of(setup.config.train))


def test_activations_grow_with_the_batch_and_shrink_with_accumulation() -> None:
    small, large = estimate(tiny_setup(batch_size=16)), estimate(tiny_setup(batch_size=64))
    parts = estimate(tiny_setup(batch_size=64, accumulate=4))
    # Some of what is kept, such as batch norm's statistics, does not depend on the batch.
    assert 3 < large.activations / small.activations <= 4
    assert parts.activations == small.activations
    assert large.networks == small.networks


def test_accumulation_does_not_shrink_what_is_kept_for_the_next_phase() -> None:
    plan = {"name": "joint", "reuse_fakes": True}
    whole, cut = (
        set_up(
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
    setup = tiny_setup()
    generator = count_parameters(setup.networks.generator)
    both = generator + count_parameters(setup.networks.discriminator)
    assert estimate(setup).networks == 4 * (4 * both + generator)


def test_estimating_leaves_the_networks_as_they_were() -> None:
    setup = tiny_setup()
    weights = {
        f"{name}.{key}": value.clone()
        for name, net in setup.networks.modules().items()
        for key, value in net.state_dict().items()
    }
    estimate(setup)
    for name, net in setup.networks.modules().items():
        for key, value in net.state_dict().items():
            assert torch.equal(value, weights[f"{name}.{key}"])


def test_the_images_are_counted_as_bytes() -> None:
    assert estimate(tiny_setup()).images == 50 * 8 * 8 * 3
