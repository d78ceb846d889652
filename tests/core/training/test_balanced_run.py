"""``dataset.balance`` in a run: what is fed, what is refused, and what stays as it was."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from lab import Lab, assert_same_checkpoint
from tiny import TinyDatasetConfig, open_tiny
from torch import Tensor, nn

from ganx.contracts.dataset import OF_THE_ENGINE, Dataset, without_labels
from ganx.contracts.specs import DatasetSpec
from ganx.contracts.term import LossContext, Moment
from ganx.data.opening import opener_of
from ganx.data.order import EpochOrder
from ganx.errors import ConfigError
from ganx.randomness import keyed_rng
from ganx.settings.run import resolve
from ganx.settings.tables import DrawingConfig
from ganx.training.ema import FixedPasses
from ganx.training.label_gradient import Spread
from ganx.training.loss import LossSum, build_loss
from ganx.training.setup import Setup, execution_of, set_up
from ganx.training.trainer import Trainer

SIZE = 50
_OF = Spread.of
RARE = 2
"""The colour of which only two images are left."""


def with_a_rare_colour(config: TinyDatasetConfig) -> Dataset:
    """Say of all but two images of the third colour that they have the first."""
    dataset = open_tiny(config)
    conditions = dataset.conditions.copy()
    rare = np.flatnonzero(conditions[:, RARE])[2:]
    conditions[rare] = [1, 0, 0]
    return replace(dataset, conditions=conditions)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return of(tmp_path, with_a_rare_colour)


def of(folder: Path, opened: Callable[[TinyDatasetConfig], Dataset]) -> Lab:
    """Let the tiny model train on this data set."""
    lab = Lab(folder)
    spec = DatasetSpec("squares", "Coloured squares", TinyDatasetConfig, opened)
    return replace(lab, host=replace(lab.host, datasets={"squares": spec}))


def made(lab: Lab, **settings: Any) -> Setup:
    return set_up(lab.host, resolve(lab.host, {"recipe": "tiny", **settings}))


def asked_and_shown(trainer: Trainer, batches: int) -> tuple[np.ndarray, np.ndarray]:
    """Count by colour what G is asked for, and what the real images show, over some batches."""
    phase = trainer.setup.plan.phases[0]
    size = trainer.settings.batch_size
    asked, shown = np.zeros(3), np.zeros(3)
    for start in range(0, batches * size, size):
        inputs = trainer._feed.inputs(phase, start, keyed_rng(0, start, "phase 0"))
        asked += inputs.c_fake.numpy().sum(axis=0)
        shown += inputs.c_real.numpy().sum(axis=0)
    return asked, shown


def test_a_rare_label_is_fed_as_often_as_the_others_and_asked_for_as_often(lab: Lab) -> None:
    batches = 50  # 16 passes over 50 images, in batches of 16
    with lab.start() as trainer:
        _, as_it_comes = asked_and_shown(trainer, batches)
    with lab.start(dataset={"balance": 1.0}) as trainer:
        asked, shown = asked_and_shown(trainer, batches)
    assert as_it_comes[RARE] / as_it_comes.sum() == 2 / SIZE
    assert shown / shown.sum() == pytest.approx([1 / 3] * 3, abs=0.01)
    np.testing.assert_array_equal(asked, shown)


def test_a_person_is_told_what_is_drawn_how_often(lab: Lab) -> None:
    (notice,) = made(lab, dataset={"balance": 1}).notices
    assert "up to 8.33 times a pass" in notice
    assert "blue: 4.00%, drawn 33.33%" in notice
    assert made(lab).notices == ()


def test_wrong_labels_are_drawn_as_often_as_right_ones_and_samples_as_the_data_comes(
    lab: Lab,
) -> None:
    setup = made(lab, dataset={"balance": 1})
    assert setup.drawn.counts.tolist() == pytest.approx([SIZE * 1000 / 3] * 3, abs=1)
    assert sorted(setup.distribution.counts) == [2, 17, 31]
    plain = made(lab)
    assert plain.drawn is plain.distribution

    wrong = np.zeros(3)
    with lab.start(dataset={"balance": 1}, loss={"sum": "bce + matching"}) as trainer:
        phase = trainer.setup.plan.phases[0]
        for start in range(0, 800, 16):
            inputs = trainer._feed.inputs(phase, start, keyed_rng(0, start, "phase 0"))
            (drawn,) = inputs.draws.values()
            wrong += drawn.numpy().sum(axis=0)
    assert wrong / wrong.sum() == pytest.approx([1 / 3] * 3, abs=0.05)


def test_batch_norm_of_the_average_sees_what_is_trained_on(lab: Lab) -> None:
    seen = np.zeros(3)

    class Watching(nn.Module):
        def forward(self, z: Tensor, c: Tensor) -> Tensor:
            nonlocal seen
            seen += c.numpy().sum(axis=0)
            return z

    setup = made(lab, dataset={"balance": 1})
    passes = FixedPasses(setup, execution_of(setup.config.train))
    for index in range(40):
        passes._forward(index)(Watching())
    assert seen / seen.sum() == pytest.approx([1 / 3] * 3, abs=0.06)


def test_losses_are_built_for_what_is_drawn(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    known: list[LossContext] = []

    def spy(config: Any, context: LossContext, *registries: Any) -> LossSum:
        known.append(context)
        return build_loss(config, context, *registries)

    monkeypatch.setattr("ganx.training.setup.build_loss", spy)
    setup = made(lab, dataset={"balance": 1})
    assert [one.distribution for one in known] == [setup.drawn]


def test_a_balance_of_nothing_is_the_run_of_before(lab: Lab) -> None:
    plain, zero = lab.run(), lab.run(dataset={"balance": 0})
    assert_same_checkpoint(plain, zero)
    assert "balance" not in zero.read_config()["dataset"]
    with lab.start() as trainer:
        walk = trainer.state.order.batch(0, 200)
    np.testing.assert_array_equal(walk, EpochOrder(0, SIZE).batch(0, 200))


def test_a_balanced_run_is_another_and_resumes_to_the_same_bits(lab: Lab) -> None:
    whole = lab.run(dataset={"balance": 1})
    assert whole.read_config()["dataset"]["balance"] == 1
    with lab.start(dataset={"balance": 1}) as trainer:
        trainer.train(lambda: trainer.images_seen >= 64)  # within the second pass
    torch.manual_seed(999)
    assert_same_checkpoint(whole, lab.resume(trainer.run))
    with pytest.raises(AssertionError):
        assert_same_checkpoint(whole, lab.run())


def test_a_resumed_run_keeps_its_balance(lab: Lab) -> None:
    run = lab.run(dataset={"balance": 1})
    with pytest.raises(ConfigError, match=r"dataset\.balance cannot change"):
        lab.resume(run, dataset={"balance": 0.5})


def test_without_labels_it_is_refused(tmp_path: Path) -> None:
    def unlabelled(config: TinyDatasetConfig) -> Dataset:
        return without_labels(open_tiny(config))

    with pytest.raises(ConfigError, match=r"dataset\.balance is 0\.5.*no label can be rare.*at 0"):
        made(of(tmp_path, unlabelled), dataset={"balance": 0.5})


@pytest.mark.parametrize(("wrong", "message"), [(1.5, "less than or equal"), ("much", "a number")])
def test_a_wrong_balance_is_named(lab: Lab, wrong: object, message: str) -> None:
    with pytest.raises(ConfigError, match=rf"'dataset\.balance'.*{message}"):
        made(lab, dataset={"balance": wrong})


def test_a_run_s_data_set_is_opened_again_without_the_engine_s_settings(lab: Lab) -> None:
    config = resolve(lab.host, {"recipe": "tiny", "dataset": {"balance": 0.5, "size": 20}})
    table = config.to_settings()["dataset"]
    assert table == {"name": "squares", "size": 20, "augmentation": "none", "balance": 0.5}
    assert resolve(lab.host, config.to_settings()) == config
    assert len(opener_of(lab.host.datasets["squares"], table).open().images) == 20
    assert {"name", *DrawingConfig.model_fields} == set(OF_THE_ENGINE)


def test_labels_are_measured_as_they_are_drawn(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both what terms draw and how far c usually goes follow the balance."""
    seen: list[Any] = []
    monkeypatch.setattr(Spread, "of", lambda *given: seen.append(given[0]) or _OF(*given))
    drawn = LossSum.draws
    monkeypatch.setattr(
        LossSum, "draws", lambda self, one: seen.append(one.distribution) or drawn(self, one)
    )
    wanted = {"label_learning": True, "every": 32}
    with lab.start(dataset={"name": "squares", "balance": 1.0}, evaluate=wanted) as trainer:
        labels = trainer.upkeep._labels
        assert labels is not None
        labels.measured(Moment(0, 0))
        assert len(seen) == 2
        assert all(one is trainer.setup.drawn for one in seen)
        assert trainer.setup.drawn is not trainer.setup.distribution
