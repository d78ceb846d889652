"""The same seed gives the same bits: in one go, repeated, or interrupted and resumed."""

from pathlib import Path
from typing import Any

import pytest
import torch
from lab import Lab, assert_same_checkpoint, tensor_files

from ganx.errors import ConfigError, RunError


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


PLANS = [
    {"plan": {"name": "split", "generator_steps": 2}},
    {"plan": {"name": "joint", "discriminator_steps": 3}},
    {
        "plan": {"name": "separate-penalty"},
        "loss": {"sum": "wasserstein + 10*gradient-penalty"},
        "optimizer": {"generator": {"schedule": {"name": "cosine", "warmup": 32}}},
    },
    {"train": {"accumulate": 4}, "dataset": {"augmentation": "mirror"}},
    {"train": {"precision": "bfloat16"}},
    {"train": {"diff_augment": ["color", "translation", "cutout"]}},
    {"dataset": {"balance": 0.5}, "train": {"accumulate": 2}, "loss": {"sum": "bce + matching"}},
]


@pytest.mark.parametrize("settings", PLANS)
def test_the_same_seed_gives_the_same_bits(lab: Lab, settings: dict[str, Any]) -> None:
    assert_same_checkpoint(lab.run(**settings), lab.run(**settings))


def test_another_seed_gives_other_weights(lab: Lab) -> None:
    one = lab.run()
    other = lab.run(train={"seed": 1})

    assert (
        tensor_files(one)["generator.safetensors"] != tensor_files(other)["generator.safetensors"]
    )


@pytest.mark.parametrize("settings", PLANS)
@pytest.mark.parametrize("stop_at", [16, 48, 64])
def test_a_resumed_run_ends_with_the_bits_of_an_uninterrupted_one(
    lab: Lab, settings: dict[str, Any], stop_at: int
) -> None:
    """Images 16 and 48 are within the first pass over 50, 64 is within the second."""
    whole = lab.run(**settings)
    with lab.start(**settings) as trainer:
        trainer.train(lambda: trainer.images_seen >= stop_at)
    torch.manual_seed(999)  # what another process would have drawn since

    continued = lab.resume(trainer.run)

    assert_same_checkpoint(whole, continued)


def test_looking_at_a_run_does_not_change_it(lab: Lab) -> None:
    quiet = lab.run(train={"log_every": 1000, "grid_every": 1000})
    often = {"log_every": 1, "grid_every": 1, "checkpoint_minutes": 1e-9}
    watched = lab.run(train=often)

    assert_same_checkpoint(quiet, watched)


def test_a_prolonged_run_equals_a_run_that_was_long_from_the_start(lab: Lab) -> None:
    long = lab.run(train={"images": 160})

    prolonged = lab.resume(lab.run(), train={"images": 160})

    assert_same_checkpoint(long, prolonged)


def test_a_run_is_repeated_from_its_own_configuration(lab: Lab) -> None:
    first = lab.run(model={"width": 5}, train={"seed": 3})

    assert_same_checkpoint(first, lab.run(**first.read_config()))


def test_a_resumed_run_keeps_what_it_is(lab: Lab) -> None:
    done = lab.run()

    with pytest.raises(ConfigError, match=r"model.*train\.seed cannot change"):
        lab.resume(done, model={"width": 9}, train={"seed": 4})


def test_a_finished_run_stays_as_it_is(lab: Lab) -> None:
    done = lab.run()
    before = done.config.read_bytes(), done.provenance.read_bytes()

    with lab.resuming(done, train={"images": 10}) as trainer:
        assert trainer.images_seen == 96

    assert (done.config.read_bytes(), done.provenance.read_bytes()) == before


def test_two_processes_cannot_train_one_run(lab: Lab) -> None:
    with lab.start() as trainer:
        trainer.train(lambda: trainer.images_seen >= 16)
        with pytest.raises(RunError, match="Another process is training"):
            lab.resume(trainer.run)
