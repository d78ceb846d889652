"""Whole runs in which terms count now and then, or with weights that change."""

import io
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from lab import Lab, assert_same_checkpoint
from rich.console import Console
from torch import Tensor

from ganx.contracts.events import StepEnded
from ganx.contracts.specs import LossSpec
from ganx.contracts.term import LossTerm, Moment, StepBatch
from ganx.errors import ConfigError
from ganx.pages.curve_names import panels
from ganx.pages.plot import draw_curves
from ganx.pages.run_curves import run_curves
from ganx.runs.directory import RunDirectory
from ganx.runs.metrics import read_metrics
from ganx.runs.metrics_csv import write_csv
from ganx.training.alarms import Alarms
from ganx_cli.screen.metrics import print_metrics
from ganx_cli.screen.progress import TrainScreen
from ganx_tensorboard.journal import Journal as TensorBoardJournal

LAZY = {
    "loss": {
        "sum": "bce + 2*r1 + r2",
        "terms": {"r1": {"every": 4, "share": 0.3}, "r2": {"every": 3}},
        "weights": {"r1": {"name": "linear", "final": 0.5}, "r2": {"start": 40}},
    }
}
ACCUMULATED = {"train": {"accumulate": 4}, "plan": {"name": "separate-penalty"}}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def rows_of(run: RunDirectory) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.metrics.read_text().splitlines()]


@pytest.mark.parametrize("stop_at", [32, 48])
@pytest.mark.parametrize("more", [{}, ACCUMULATED])
def test_a_run_stopped_between_two_lazy_steps_resumes_to_the_bit(
    lab: Lab, stop_at: int, more: dict[str, Any]
) -> None:
    whole = lab.run(**LAZY, **more)
    with lab.start(**LAZY, **more) as trainer:
        trainer.train(lambda: trainer.images_seen >= stop_at)
    torch.manual_seed(999)

    assert_same_checkpoint(whole, lab.resume(trainer.run))


@pytest.fixture(scope="module")
def lazy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lab, RunDirectory]:
    """Train once with readings of two iterations, so that some have no penalty."""
    lab = Lab(tmp_path_factory.mktemp("lazy"))
    return lab, lab.run(**LAZY, train={"log_every": 2})


def test_rows_have_the_figures_of_their_iteration(lazy: tuple[Lab, RunDirectory]) -> None:
    rows = rows_of(lazy[1])

    assert [row["iteration"] for row in rows if "penalty.r1" in row] == [1, 5]
    assert [row["iteration"] for row in rows if "penalty.r2" in row] == [4]
    assert all("real.bce" in row for row in rows)


def test_a_reading_has_the_means_of_what_was_computed(lazy: tuple[Lab, RunDirectory]) -> None:
    lab, run = lazy
    rows = rows_of(run)
    told = [event.metrics for _, event in lab.host.heard if isinstance(event, StepEnded)]

    assert ["penalty.r1" in one for one in told] == [True, False, True]
    assert told[0]["penalty.r1"] == rows[0]["penalty.r1"]
    assert told[0]["real.bce"] == pytest.approx((rows[0]["real.bce"] + rows[1]["real.bce"]) / 2)


def test_tables_curves_and_alarms_take_rows_without_some_figures(
    lazy: tuple[Lab, RunDirectory], capsys: pytest.CaptureFixture[str]
) -> None:
    metrics = read_metrics(lazy[1].metrics)
    table = io.StringIO()

    assert metrics.series("penalty.r1")[0].tolist() == [16, 80]
    assert write_csv(metrics, table, ["penalty.r1"]) == 2
    assert write_csv(metrics, table) == 6
    print_metrics(lazy[1], metrics, [])
    assert "penalty.r2" in capsys.readouterr().out
    assert len(draw_curves(metrics, panels(metrics), "lazy").axes) == len(panels(metrics))
    assert any("penalty: r1" in one for one in run_curves(metrics, None).training)
    Alarms().replay(metrics)


def test_the_terminal_and_tensorboard_take_readings_without_some_figures(tmp_path: Path) -> None:
    screen = TrainScreen(lambda *_: None, Console(file=io.StringIO()))
    journal = TensorBoardJournal(tmp_path, 100)
    for metrics in ({"real.bce": 0.7, "penalty.r1": 0.1}, {"real.bce": 0.6}):
        screen.notify("ganx_step_ended", StepEnded(64, 1, metrics))
        journal.note_figures(metrics, 64)


def test_a_lazy_penalty_weighs_n_times_as_much(lab: Lab) -> None:
    first = []
    for every in (1, 8):
        loss = {"sum": "bce + r1", "terms": {"r1": {"every": every}}}
        with lab.start(loss=loss, plan={"name": "joint"}) as trainer:
            trainer.iterate()
            first.append(trainer.upkeep.read().rows[0])

    assert first[1]["penalty.r1"] == pytest.approx(8 * first[0]["penalty.r1"])


@pytest.mark.parametrize("plan", ["split", "joint"])
def test_turning_a_penalty_off_for_an_iteration_moves_no_other_random_number(
    lab: Lab, plan: str
) -> None:
    """With a weight of next to nothing, all else is the same in an iteration without it."""
    done = [
        lab.run(loss=loss, plan={"name": plan}, model={"dropout": 0.0}, train={"images": 32})
        for loss in (
            {"sum": "bce + 1e-30*r1", "terms": {"r1": {"every": 1}}},
            {"sum": "bce + 1e-30*r1", "terms": {"r1": {"every": 2}}},
        )
    ]
    for one, other in zip(*map(rows_of, done), strict=True):
        for name in ("real.bce", "fake.bce", "generator.bce"):
            assert one[name] == pytest.approx(other[name], rel=1e-6)


class LateCritic(LossTerm):
    """D learns from the third iteration on, G from the first."""

    def __init__(self, start: int = 2) -> None:
        super().__init__()
        self.start = start
        self.seen: list[tuple[str, StepBatch]] = []

    def real(self, batch: StepBatch) -> Tensor:
        self.seen.append(("real", batch))
        return batch.critiques["real"].score.mean()

    def factor(self, moment: Moment) -> float:
        return float(moment.iteration >= self.start)


class Painter(LossTerm):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, StepBatch]] = []

    def generator(self, batch: StepBatch) -> Tensor:
        self.seen.append(("generator", batch))
        return batch.critiques["fake"].score.mean()


def test_a_phase_passed_over_moves_nothing_and_its_real_batch_goes_to_the_next(lab: Lab) -> None:
    critic, painter = LateCritic(), Painter()
    lab.host.losses["late"] = LossSpec("late", "D begins late", lambda *_: critic)
    lab.host.losses["painter"] = LossSpec("painter", "G alone", lambda *_: painter)
    with lab.start(loss={"sum": "late + painter"}, train={"images": 64}) as trainer:
        before = next(trainer.networks.discriminator.parameters()).detach().clone()
        trainer.train(lambda: trainer.state.iteration >= 2)
        still = torch.equal(before, next(trainer.networks.discriminator.parameters()))
        trainer.train()

    assert still
    assert (trainer.images_seen, trainer.state.iteration) == (64, 4)
    assert len(critic.seen) == 2
    batches = [batch.real for _, batch in painter.seen]
    assert [torch.equal(one, other) for one, other in pairwise(batches)] == [False] * 3
    assert torch.equal(critic.seen[0][1].real, batches[2])
    assert ["real.late" in row for row in rows_of(trainer.run)] == [False, False, True, True]


def test_g_draws_its_own_latent_while_the_phase_whose_images_it_reuses_is_passed_over(
    lab: Lab,
) -> None:
    critic, painter = LateCritic(), Painter()
    lab.host.losses["late"] = LossSpec("late", "D begins late", lambda *_: critic)
    lab.host.losses["painter"] = LossSpec("painter", "G alone", lambda *_: painter)
    plan = {"name": "joint", "reuse_fakes": True}
    with lab.start(loss={"sum": "late + painter"}, plan=plan, train={"images": 64}) as trainer:
        trainer.train()

    latents = [batch.z for _, batch in painter.seen]
    assert [torch.equal(one, other) for one, other in pairwise(latents)] == [False] * 3
    assert torch.equal(critic.seen[0][1].z, latents[2])


def test_when_a_term_counts_moves_no_other_random_number(lab: Lab) -> None:
    """DiffAugment is drawn after the terms' own numbers, from the same source."""
    firsts = []
    for start in (0, 16):
        weights = {"matching": {"name": "constant", "start": start}}
        loss = {"sum": "bce + 1e-30*matching", "weights": weights}
        run = lab.run(loss=loss, train={"images": 16, "diff_augment": ["translation"]})
        firsts.append(rows_of(run)[0])

    assert firsts[0]["real.bce"] == firsts[1]["real.bce"]
    assert ("real.matching" in firsts[0]) > ("real.matching" in firsts[1])


def test_a_loss_that_never_begins_is_refused_before_anything_is_written(lab: Lab) -> None:
    with pytest.raises(ConfigError, match=r"\(bce\) counts in iteration 1, at 0 images seen"):
        lab.run(loss={"sum": "bce", "weights": {"bce": {"warmup": 32}}})

    assert not lab.runs.exists()


def test_a_loss_that_ends_too_soon_is_refused_when_it_has_ended(lab: Lab) -> None:
    weights = {"bce": {"name": "linear", "horizon": 32}}
    with pytest.raises(ConfigError, match="counts in iteration 3, at 32 images seen"):
        lab.run(loss={"sum": "bce", "weights": weights})

    (run,) = lab.runs.iterdir()
    assert RunDirectory(run).newest_checkpoint().name == f"{32:09}"  # nothing learned is lost


def test_an_accumulated_share_is_that_of_the_whole_batch(lab: Lab) -> None:
    weights = []
    for parts in (1, 4):
        loss = {"sum": "bce + r1", "terms": {"r1": {"share": 0.4}}}
        train = {"accumulate": parts, "images": 16}
        with lab.start(loss=loss, train=train, model={"dropout": 0.0}, plan=SEPARATE) as trainer:
            trainer.iterate()
            weights.append(trainer.upkeep.read().rows[0]["penalty.r1"])

    assert weights[1] == pytest.approx(weights[0], rel=1e-4)


SEPARATE = {"name": "separate-penalty"}


def test_a_phase_keeps_its_random_numbers_when_one_before_it_is_passed_over(lab: Lab) -> None:
    latents = []
    for start in (0, 2):
        critic, painter = LateCritic(start), Painter()
        lab.host.losses["late"] = LossSpec("late", "D begins late", lambda *_, it=critic: it)
        lab.host.losses["painter"] = LossSpec("painter", "G alone", lambda *_, it=painter: it)
        with lab.start(loss={"sum": "late + painter"}) as trainer:
            trainer.iterate()
        latents.append(painter.seen[0][1].z)

    assert torch.equal(*latents)
