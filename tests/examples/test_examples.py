"""Five tricks of training, each in one file that a stranger's plugin could hold.

The engine has no line for any of them: they come by hooks, pass their contracts and train.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import flip_augmentation
import lazy_term
import lion_optimizer
import pulsed_weight
import pytest
import torch
import wrong_labels
from lab import Lab, assert_same_checkpoint
from tiny import TinyHost, tiny_host

from ganx.host import default_host
from ganx.runs.directory import RunDirectory
from ganx.testing import (
    AugmentationContract,
    LossContract,
    OptimizerContract,
    ScheduleContract,
)

EXAMPLES = {
    "lazy_term": {"loss": {"sum": "bce + 0.001*drift"}},
    "pulsed_weight": {
        "loss": {"sum": "bce + 5*r1", "weights": {"r1": {"name": "pulse", "period": 64}}}
    },
    "lion_optimizer": {"optimizer": {"discriminator": {"name": "lion", "learning_rate": 0.001}}},
    "flip_augmentation": {
        "train": {"diff_augment": ["flip"], "augmentations": {"flip": {"share": 0.25}}}
    },
    "wrong_labels": {"loss": {"sum": "bce + wrong-labels"}},
}


class TestDrift(LossContract):
    (spec,) = lazy_term.ganx_losses()


class TestPulse(ScheduleContract):
    (spec,) = pulsed_weight.ganx_schedules()


class TestLion(OptimizerContract):
    (spec,) = lion_optimizer.ganx_optimizers()


class TestFlip(AugmentationContract):
    (spec,) = flip_augmentation.ganx_augmentations()


class TestWrongLabels(LossContract):
    (spec,) = wrong_labels.ganx_losses()


def with_examples() -> TinyHost:
    """Add what the examples provide to the tiny host."""

    def of(*specs: Any) -> Mapping[str, Any]:
        return {spec.name: spec for spec in specs}

    host = tiny_host()
    return replace(
        host,
        losses={**host.losses, **of(*lazy_term.ganx_losses(), *wrong_labels.ganx_losses())},
        schedules={**host.schedules, **of(*pulsed_weight.ganx_schedules())},
        optimizers={**host.optimizers, **of(*lion_optimizer.ganx_optimizers())},
        augmentations={**host.augmentations, **of(*flip_augmentation.ganx_augmentations())},
    )


def rows(run: RunDirectory) -> list[dict[str, float]]:
    return [json.loads(line) for line in run.metrics.read_text().splitlines()]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_run_with_it_resumes_to_the_bit(name: str, tmp_path: Path) -> None:
    lab = Lab(tmp_path, with_examples())
    settings = EXAMPLES[name]
    whole = lab.run(**settings)
    with lab.start(**settings) as trainer:
        trainer.train(lambda: trainer.images_seen >= 48)
    resumed = lab.resume(trainer.run)
    assert_same_checkpoint(whole, resumed)


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_changes_what_is_learned(name: str, tmp_path: Path) -> None:
    lab = Lab(tmp_path, with_examples())
    plain, other = lab.run(), lab.run(**EXAMPLES[name])
    weights = [
        torch.frombuffer(bytearray(path.read_bytes()[-400:]), dtype=torch.uint8)
        for path in (
            one.newest_checkpoint() / "discriminator.safetensors" for one in (plain, other)
        )
    ]
    assert not torch.equal(*weights)


def test_the_lazy_term_is_asked_in_each_16th_iteration(tmp_path: Path) -> None:
    run = Lab(tmp_path, with_examples()).run(
        **EXAMPLES["lazy_term"], train={"images": 16 * 34, "log_every": 1}
    )
    asked = [row["iteration"] for row in rows(run) if "real.drift" in row]
    assert asked == [1, 17, 33]


def test_the_scheduled_weight_is_on_and_off_by_turns(tmp_path: Path) -> None:
    run = Lab(tmp_path, with_examples()).run(
        **EXAMPLES["pulsed_weight"], train={"images": 16 * 8, "log_every": 1}
    )
    there = ["penalty.r1" in row for row in rows(run) if "real.bce" in row]
    assert there == [True, True, False, False] * 2


def test_a_wrong_label_is_refused_and_a_right_one_left_alone(tmp_path: Path) -> None:
    run = Lab(tmp_path, with_examples()).run(**EXAMPLES["wrong_labels"], train={"log_every": 1})
    values = [row["real.wrong-labels"] for row in rows(run) if "real.wrong-labels" in row]
    assert values
    assert all(value >= 0 for value in values)


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_is_found_as_a_plugin(name: str, fakes: Any) -> None:
    source = Path(__file__).with_name(f"{name}.py").read_text("utf-8")
    fakes.add(name.replace("_", "-"), source, distribution=f"ganx-{name.replace('_', '-')}")
    host = default_host()
    assert not host.problems
    assert [plugin for plugin in host.plugins if plugin.name == name.replace("_", "-")]
