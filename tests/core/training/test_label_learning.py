"""Whether a run learns its labels: figures of networks whose answers are known."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from lab import Lab, assert_same_checkpoint
from tiny import TinyModelConfig, build_tiny
from torch import Tensor, nn
from torch.nn.utils import parametrize

from ganx.builtin.losses.adversarial import BinaryCrossEntropy
from ganx.contracts.condition import Condition, Group
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.events import Evaluated
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.networks import Critique, Networks
from ganx.contracts.specs import ModelSpec
from ganx.contracts.term import Moment, StepBatch
from ganx.layers.spectral_norm import SpectralNorm
from ganx.runs.directory import RunDirectory
from ganx.training.label_gradient import Spread
from ganx.training.label_learning import LabelLearning
from ganx.training.label_preference import label_preferences, rotation_of
from ganx.training.pixel_variance import variance_shares
from ganx.training.trainer import Trainer

COUNT = 64
COLOURS = Condition("classes", (Group("colour", ("red", "green", "blue")),))
ON = {"evaluate": {"label_learning": True, "every": 32}}


class Plain(nn.Module):
    """A discriminator that answers by a function of (images, c)."""

    def __init__(self, answer: Callable[[Tensor, Tensor], Critique]) -> None:
        super().__init__()
        self.answer = answer

    def forward(self, images: Tensor, c: Tensor) -> Critique:
        return self.answer(images, c)


def batch() -> tuple[Tensor, Tensor]:
    """Make images whose first channel holds their own label, and whose second a number."""
    rng = np.random.default_rng(1)
    c = np.eye(3, dtype=np.float32)[rng.integers(3, size=COUNT)]
    images = np.zeros((COUNT, 2, 1, 3), np.float32)
    images[:, 0, 0] = c
    images[:, 1, 0, 0] = rng.normal(size=COUNT)
    return torch.from_numpy(images), torch.from_numpy(c)


def preferences(answer: Callable[[Tensor, Tensor], Critique], **given: Any) -> dict[str, float]:
    images, c = batch()
    asked = {"pieces": 4, "head": None, **given}
    return label_preferences(Plain(answer), images, c, rotation_of(c.numpy()), **asked)


def fit(images: Tensor, c: Tensor) -> Tensor:
    return (images[:, 0, 0] * c).sum(1)


def test_labels_are_rotated_so_that_the_fewest_stay() -> None:
    conditions = np.array([[0], [1], [0], [1], [1], [1]], np.float32)
    rotation = rotation_of(conditions)
    kept = [int((np.roll(conditions, by, 0) == conditions).sum()) for by in range(1, 6)]
    assert (~rotation.changed).sum() == min(kept)
    assert rotation.by == 1 + kept.index(min(kept))
    assert not rotation_of(np.ones((5, 2), np.float32)).changed.any()
    assert not rotation_of(np.ones((1, 2), np.float32)).changed.any()


def test_a_preference_is_in_standard_deviations_of_the_scores() -> None:
    """Right labels raise the score by 0.5; that some labels please more drops out."""
    images, _ = batch()
    liking = torch.tensor([5.0, -7.0, 1.0])

    def answer(images: Tensor, c: Tensor) -> Critique:
        return Critique(0.5 * fit(images, c) + images[:, 1, 0, 0] + c @ liking, {})

    _, c = batch()
    sd = (images[:, 1, 0, 0] + c @ liking).std()
    found = preferences(answer)
    assert found == {"label preference": pytest.approx(0.5 / float(sd), rel=1e-5)}


def test_a_score_that_takes_no_labels_has_no_preference() -> None:
    def answer(images: Tensor, c: Tensor) -> Critique:
        del c
        return Critique(images[:, 1, 0, 0], {"condition": 4 * images[:, 0, 0]})

    assert preferences(answer) == {}
    (name,) = preferences(answer, head=COLOURS)
    assert name == "label preference of the head"


def test_a_score_that_could_take_labels_and_does_not_has_a_preference_of_nothing() -> None:
    def answer(images: Tensor, c: Tensor) -> Critique:
        return Critique(images[:, 1, 0, 0] + 0 * c.sum(1), {})

    assert preferences(answer) == {"label preference": 0.0}


def test_a_preference_without_any_other_label_is_left_out() -> None:
    images, c = batch()
    same = torch.ones_like(c)
    asked = Plain(lambda images, c: Critique(fit(images, c), {}))
    rotation = rotation_of(same.numpy())
    assert label_preferences(asked, images, same, rotation, pieces=1, head=None) == {}


@pytest.mark.parametrize("kind", ["classes", "labels"])
def test_the_head_speaks_by_its_log_likelihood(kind: Any) -> None:
    """Its evidence for the right label is 4 times a number of the image; all else is 0."""
    images, c = batch()
    rotation = rotation_of(c.numpy())
    logits = (4 * images[:, 1, 0, :1] * c).double()
    if kind == "classes":
        right, wrong = ((logits.log_softmax(1) * one).sum(1) for one in (c, c.roll(rotation.by, 0)))
    else:
        chances = logits.sigmoid()
        right, wrong = (
            (one * chances + (1 - one) * (1 - chances)).log().sum(1)
            for one in (c, c.roll(rotation.by, 0))
        )
    changed = torch.from_numpy(rotation.changed)
    sd = ((right.var() + wrong[changed].var()) / 2).sqrt()
    found = preferences(
        lambda images, c: Critique(
            images[:, 1, 0, 0] + 0 * len(c),
            {"condition": 4 * images[:, 1, 0, :1] * images[:, 0, 0]},
        ),
        head=replace(COLOURS, kind=kind),
    )
    expected = float((right - wrong)[changed].mean() / sd)
    assert found == {"label preference of the head": pytest.approx(expected, rel=1e-5)}


def test_dropout_and_power_iterations_make_no_preference() -> None:
    class Shaky(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = parametrize_with_spectral_norm(nn.Linear(6, 1))
            self.drop = nn.Dropout(0.5)

        def forward(self, images: Tensor, c: Tensor) -> Critique:
            shown = self.layer(self.drop(images.flatten(1))).squeeze(1)
            return Critique(shown + 0 * c.sum(1), {})

    torch.manual_seed(0)
    images, c = batch()
    rotation = rotation_of(c.numpy())
    found = label_preferences(Shaky().train(), images, c, rotation, pieces=4, head=None)
    assert found == {"label preference": 0.0}


def parametrize_with_spectral_norm(layer: nn.Linear) -> nn.Linear:
    parametrize.register_parametrization(layer, "weight", SpectralNorm(layer.weight, 0))
    return layer


def test_shares_of_what_adds_up_are_those_of_the_variances() -> None:
    rng = np.random.default_rng(0)
    of_c, of_z = rng.normal(size=(8, 1, 3, 4, 4)), 2 * rng.normal(size=(1, 8, 3, 4, 4))
    shares = variance_shares(torch.from_numpy(of_c + of_z))
    by_c, by_z = of_c.var(0, ddof=1).sum(), of_z.var(1, ddof=1).sum()
    expected = {"share of c": by_c / (by_c + by_z), "share of z": by_z / (by_c + by_z)}
    assert shares == pytest.approx({**expected, "share of both": 0.0}, abs=1e-6)


def test_shares_are_not_inflated_by_what_both_decide_together() -> None:
    rng = np.random.default_rng(0)
    pixels = (3, 100, 100)
    parts = (rng.normal(size=(8, 1, *pixels)), rng.normal(size=(1, 8, *pixels)))
    together = rng.normal(size=(8, 8, *pixels))
    shares = variance_shares(torch.from_numpy(parts[0] + 2 * parts[1] + 2 * together))
    expected = {"share of c": 1 / 9, "share of z": 4 / 9, "share of both": 4 / 9}
    assert shares == pytest.approx(expected, abs=0.01)
    alone = variance_shares(torch.from_numpy(together))
    assert alone == pytest.approx({"share of c": 0, "share of z": 0, "share of both": 1}, abs=0.005)
    assert min(alone.values()) >= 0


def test_images_that_are_all_the_same_have_no_shares() -> None:
    assert variance_shares(torch.ones(8, 8, 3, 2, 2)) == {}


def test_inputs_of_g_spread_as_their_distributions_do() -> None:
    parts = ("normal", "uniform", "categorical", "continuous")
    latent = Latent(tuple(LatentPart(kind, kind, 3) for kind in parts))  # type: ignore[arg-type]
    rows = np.array([[1, 0], [1, 1]], np.uint8)
    known = ConditionDistribution(rows, np.array([3, 1]))
    spread = Spread.of(known, latent, torch.device("cpu"))
    rng = np.random.default_rng(0)
    assert torch.allclose(spread.z, torch.from_numpy(latent.draw(100_000, rng).std(0)), atol=0.01)
    assert torch.allclose(spread.c, torch.from_numpy(known.draw(100_000, rng).std(0)), atol=0.01)


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
        self.judge = parametrize_with_spectral_norm(nn.Linear(32, 1))
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
