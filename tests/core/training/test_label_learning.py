"""What a run measures of its labels, and that not one bit of it changes."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from lab import Lab, assert_same_checkpoint
from tiny import TinyModelConfig, build_tiny
from torch import Tensor, nn

from ganx.builtin.losses.adversarial import BinaryCrossEntropy
from ganx.contracts.events import Evaluated
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.networks import Critique, Networks
from ganx.contracts.specs import ModelSpec
from ganx.contracts.term import Moment, StepBatch
from ganx.layers.spectral_norm import spectral_normalise
from ganx.runs.directory import RunDirectory
from ganx.training.label_learning import LabelLearning
from ganx.training.trainer import Trainer

ON = {"evaluate": {"label_learning": True, "every": 32}}


class Linear(nn.Module):
    """G(z, c): grey images, 0.3 times the noise and 0.2 times the conditions' numbers.

    In eval mode it is 0.6 times these numbers.
    """

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        heed = 0.2 if self.training else 0.6
        level = 0.3 * z.sum(1) + heed * (c @ torch.tensor([0.0, 1.0, -1.0]))
        return self.scale * level[:, None, None, None].expand(-1, 3, 8, 8)


class Brightness(nn.Module):
    """D(images, c): the mean of the pixels, and a great liking for some labels."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, images: Tensor, c: Tensor) -> Critique:
        return Critique(self.scale * images.mean((1, 2, 3)) + 100 * c[:, 0], {})


def linear(interface: Interface, config: TinyModelConfig) -> Networks:
    del interface, config
    return Networks(Linear(), Brightness(), Latent((LatentPart("noise", "normal", 4),)))


def lab_of(folder: Path, build: Any) -> Lab:
    lab = Lab(folder)
    lab.host.models["own"] = ModelSpec("own", "Of a test", TinyModelConfig, build, "tiny")
    return lab


def labels_of(trainer: Trainer) -> LabelLearning:
    labels = trainer.upkeep._labels
    assert labels is not None
    return labels


@pytest.mark.parametrize("accumulate", [1, 4])
def test_a_generator_that_is_known_has_known_figures(tmp_path: Path, accumulate: int) -> None:
    lab = lab_of(tmp_path, linear)
    settings = {"loss": {"sum": "wasserstein + matching"}, "train": {"accumulate": accumulate}}
    with lab.start(model={"name": "own"}, **settings, **ON) as trainer:
        latents = labels_of(trainer)._z[-8:]
        found = labels_of(trainer).measured(Moment(0, 0))
        sd = trainer.setup.distribution.draw(100_000, np.random.default_rng(0)).std(0)
    of_c, of_z = 0.2 * math.hypot(sd[1], sd[2]), 0.3 * math.sqrt(4)
    assert found["labels.gradient from c over z"].mean == pytest.approx(of_c / of_z, rel=0.01)
    by_c, by_z = 0.6**2, (0.3 * latents.sum(1)).var(ddof=1)
    assert found["labels.share of c"].mean == pytest.approx(by_c / (by_c + by_z), rel=1e-5)
    assert found["labels.share of both"].mean == pytest.approx(0, abs=1e-6)


class Restless(nn.Module):
    """A discriminator with all that moves by being asked."""

    def __init__(self, interface: Interface) -> None:
        super().__init__()
        self.look = nn.Conv2d(interface.channels, 8, 4, 4)
        self.norm = nn.BatchNorm2d(8)
        self.drop = nn.Dropout(0.3)
        self.judge = spectral_normalise(nn.Linear(32, 1))
        self.classes = nn.Linear(32, 3)
        self.likes = nn.Linear(3, 32)
        self.asked = 0

    def forward(self, images: Tensor, c: Tensor) -> Critique:
        self.asked += 1
        seen = self.drop(self.norm(self.look(images)).relu()).flatten(1)
        score = self.judge(seen).squeeze(1) + (self.likes(c) * seen).sum(1)
        return Critique(score, {"condition": self.classes(seen)})


def restless(interface: Interface, config: TinyModelConfig) -> Networks:
    plain = build_tiny(interface, config)
    return Networks(plain.generator, Restless(interface), plain.latent)


RESTLESS = {"model": {"name": "own"}, "loss": {"sum": "bce + auxiliary + matching"}}
WAYS: dict[str, dict[str, Any]] = {
    "plain": {},
    "split": {"train": {"accumulate": 2}},
    "augmented": {"train": {"diff_augment": ["translation", "cutout"]}},
    "mirrored": {"dataset": {"augmentation": "mirror"}},
    "reusing": {"plan": {"name": "joint", "reuse_fakes": True}},
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_weights_are_the_same_to_the_bit_with_and_without(tmp_path: Path, way: Any) -> None:
    lab = lab_of(tmp_path, restless)
    plain = lab.run(**RESTLESS, **way)
    measured = lab.run(**RESTLESS, **way, **ON)
    assert_same_checkpoint(plain, measured)
    assert len(rows_of(measured)) == 3
    assert rows_of(plain) == []


def test_a_resumed_run_measures_what_an_uninterrupted_one_does(tmp_path: Path) -> None:
    lab = lab_of(tmp_path, restless)
    plain = lab.run(**RESTLESS)
    whole = lab.run(**RESTLESS, **ON)
    with lab.start(**RESTLESS, **ON) as trainer:
        trainer.train(should_stop=lambda: trainer.images_seen >= 48)
    resumed = lab.resume(trainer.run)
    assert_same_checkpoint(plain, resumed)
    assert rows_of(resumed) == rows_of(whole)


def test_measuring_touches_nothing_of_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = lab_of(tmp_path, restless)
    with lab.start(**RESTLESS, **ON) as trainer:
        trainer.iterate()
        term = trainer.setup.loss.terms["bce"]
        term.register_buffer("asked", torch.zeros(()))
        monkeypatch.setattr(term, "__class__", Counting)
        monkeypatch.setattr(type(trainer.setup.augmentations), "draw", None)
        before = state_of(trainer)
        found = labels_of(trainer).measured(trainer.state.moment)
        assert state_of(trainer) == before
    assert len(found) == 6


class Counting(BinaryCrossEntropy):
    """A term that changes when G's part is computed."""

    def generator(self, batch: StepBatch) -> Tensor:
        self.asked += 1
        return super().generator(batch)


def state_of(trainer: Trainer) -> list[Any]:
    """Gather what a measurement might change."""
    found: list[Any] = [torch.get_rng_state().tolist(), trainer.networks.discriminator.asked]
    for module in (*trainer.networks.modules().values(), trainer.setup.loss):
        found += [(name, one.training) for name, one in module.named_modules()]
        found += [(name, one.tolist()) for name, one in module.state_dict().items()]
        for name, one in module.named_parameters():
            gradient = one.grad.tolist() if one.grad is not None else None
            found.append((name, one.requires_grad, gradient))
    return found


def rows_of(run: RunDirectory) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in run.metrics.read_text("utf-8").splitlines()]
    return [line for line in lines if any(name.startswith("labels.") for name in line)]


def test_figures_are_a_row_of_the_metrics_and_are_told_to_observers(tmp_path: Path) -> None:
    lab = lab_of(tmp_path, restless)
    run = lab.run(**RESTLESS, **ON)
    rows = rows_of(run)
    assert [row.pop("images_seen") for row in rows] == [32, 64, 96]
    assert [row.pop("iteration") for row in rows] == [2, 4, 6]
    told = [dict(event.scores) for _, event in lab.host.heard if isinstance(event, Evaluated)]
    assert told == rows
    assert rows[0].keys() == {
        "labels.label preference",
        "labels.label preference of the head",
        "labels.share of c",
        "labels.share of z",
        "labels.share of both",
        "labels.gradient from c over z",
    }


def test_a_head_that_no_term_teaches_is_not_asked(tmp_path: Path) -> None:
    lab = lab_of(tmp_path, restless)
    (row, *_) = rows_of(lab.run(model={"name": "own"}, **ON))
    assert "labels.label preference" in row
    assert "labels.label preference of the head" not in row


def test_networks_that_cannot_be_measured_are_told_once_and_trained(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = lab_of(tmp_path, restless)
    monkeypatch.setattr(Restless, "__deepcopy__", uncopied, raising=False)
    run = lab.run(**RESTLESS, **ON)
    assert rows_of(run) == []
    (said,) = [one for one in caplog.messages if "labels" in one]
    assert said.startswith("Whether labels are learned cannot be measured: ValueError: It is one.")


def uncopied(*_: Any) -> nn.Module:
    raise ValueError("It is one.")
