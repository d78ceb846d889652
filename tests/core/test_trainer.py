"""The training loop, on a model that trains in milliseconds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny import TinyHost, tiny_host
from torch import Tensor, nn

from ganx.errors import ConfigError, RunError, TrainingError
from ganx.losses.term import LossTerm, StepBatch
from ganx.merging import merge
from ganx.plan import Phase, UpdatePlan
from ganx.run_config import resolve
from ganx.rundir import RunDirectory
from ganx.specs import LossSpec, UpdatePlanSpec
from ganx.training.session import resumed, started
from ganx.training.trainer import Trainer


@pytest.fixture
def host() -> TinyHost:
    return tiny_host()


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    return {"runs": tmp_path / "runs", "cache": tmp_path / "cache"}


@contextmanager
def start(host: TinyHost, folders: dict[str, Path], settings: dict[str, Any]) -> Iterator[Trainer]:
    config = resolve(host, merge({"recipe": "tiny"}, settings))
    with started(host, config, **folders, notify=host.notify, progress=lambda *_: None) as trainer:
        yield trainer


def run(host: TinyHost, folders: dict[str, Path], settings: dict[str, Any]) -> RunDirectory:
    with start(host, folders, settings) as trainer:
        trainer.train()
    return trainer.run


def resume(
    host: TinyHost, folders: dict[str, Path], path: Path, settings: dict[str, Any]
) -> RunDirectory:
    with resumed(
        host,
        path,
        settings,
        cache=folders["cache"],
        notify=host.notify,
        progress=lambda *_: None,
    ) as trainer:
        trainer.train()
    return trainer.run


def files_of(run: RunDirectory) -> dict[str, bytes]:
    folder = run.newest_checkpoint()
    return {path.name: path.read_bytes() for path in folder.glob("*.safetensors")}


def assert_same_checkpoint(one: RunDirectory, other: RunDirectory) -> None:
    assert one.newest_checkpoint().name == other.newest_checkpoint().name
    left, right = files_of(one), files_of(other)
    assert left.keys() == right.keys()
    assert [name for name in left if left[name] != right[name]] == []


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
]


@pytest.mark.parametrize("settings", PLANS)
def test_the_same_seed_gives_the_same_bits(
    host: TinyHost, folders: dict[str, Path], settings: dict[str, Any]
) -> None:
    assert_same_checkpoint(run(host, folders, settings), run(host, folders, settings))


def test_another_seed_gives_other_weights(host: TinyHost, folders: dict[str, Path]) -> None:
    one = run(host, folders, {})
    other = run(host, folders, {"train": {"seed": 1}})

    assert files_of(one)["generator.safetensors"] != files_of(other)["generator.safetensors"]


@pytest.mark.parametrize("settings", PLANS)
@pytest.mark.parametrize("stop_at", [16, 48, 64])
def test_a_resumed_run_ends_with_the_bits_of_an_uninterrupted_one(
    host: TinyHost, folders: dict[str, Path], settings: dict[str, Any], stop_at: int
) -> None:
    """Images 16 and 48 are within the first pass over 50, 64 is within the second."""
    whole = run(host, folders, settings)
    with start(host, folders, settings) as trainer:
        trainer.train(lambda: trainer.images_seen >= stop_at)
    torch.manual_seed(999)  # what another process would have drawn since

    continued = resume(host, folders, trainer.run.path, {})

    assert_same_checkpoint(whole, continued)


def test_looking_at_a_run_does_not_change_it(host: TinyHost, folders: dict[str, Path]) -> None:
    quiet = run(host, folders, {"train": {"log_every": 1000, "grid_every": 1000}})
    often = {"log_every": 1, "grid_every": 1, "checkpoint_minutes": 1e-9}
    watched = run(host, folders, {"train": often})

    assert_same_checkpoint(quiet, watched)


def test_a_prolonged_run_equals_a_run_that_was_long_from_the_start(
    host: TinyHost, folders: dict[str, Path]
) -> None:
    long = run(host, folders, {"train": {"images": 160}})

    prolonged = resume(host, folders, run(host, folders, {}).path, {"train": {"images": 160}})

    assert_same_checkpoint(long, prolonged)


def test_a_run_is_repeated_from_its_own_configuration(
    host: TinyHost, folders: dict[str, Path]
) -> None:
    first = run(host, folders, {"model": {"width": 5}, "train": {"seed": 3}})

    assert_same_checkpoint(first, run(host, folders, first.read_config()))


def test_each_phase_moves_its_owners_parameters_and_nobody_elses(
    host: TinyHost, folders: dict[str, Path]
) -> None:
    owners = {"generator": ("generator",), "discriminator": ("real", "fake")}
    for owner, parts in owners.items():
        plan = UpdatePlan((Phase(owner, parts, fresh_real=True),))
        spec = UpdatePlanSpec("one", "One phase", lambda _, plan=plan: plan)
        host.plans["one"] = spec
        with start(host, folders, {"plan": {"name": "one"}}) as trainer:
            networks = trainer.networks.modules()
            before = {
                name: [p.detach().clone() for p in net.parameters()]
                for name, net in networks.items()
            }
            trainer.train()
        for name, net in networks.items():
            moved = [
                not torch.equal(p, q) for p, q in zip(net.parameters(), before[name], strict=True)
            ]
            assert all(moved) if name == owner else not any(moved)


class Relativistic(LossTerm):
    """D and G compare real with fake; there is no part for real images alone."""

    generator_sees_real = True

    def pair(self, batch: StepBatch) -> Tensor:
        scores = batch.critiques["real"].score - batch.critiques["fake"].score
        return nn.functional.softplus(-scores).mean()

    def generator(self, batch: StepBatch) -> Tensor:
        scores = batch.critiques["fake"].score - batch.critiques["real"].score
        return nn.functional.softplus(-scores).mean()


@pytest.mark.parametrize("plan", ["split", "joint", "separate-penalty"])
def test_a_loss_on_pairs_alone_trains_under_every_plan(
    host: TinyHost, folders: dict[str, Path], plan: str
) -> None:
    spec = LossSpec("relativistic", "On pairs", lambda *_: Relativistic())
    host.losses["relativistic"] = spec

    done = run(host, folders, {"loss": {"sum": "relativistic"}, "plan": {"name": plan}})

    row = json.loads(done.metrics.read_text().splitlines()[-1])
    assert row["images_seen"] == 96
    assert {"pair.relativistic", "generator.relativistic"} <= row.keys()


@pytest.mark.parametrize("plan", ["split", "joint", "separate-penalty"])
def test_a_loss_that_leaves_an_owner_untrained_is_refused(
    host: TinyHost, folders: dict[str, Path], plan: str
) -> None:
    with pytest.raises(ConfigError, match=r"Nothing in the loss .* trains the generator"):
        run(host, folders, {"loss": {"sum": "gradient-penalty"}, "plan": {"name": plan}})

    assert not folders["runs"].exists()


def test_time_counts_the_images_that_the_discriminator_consumed(
    host: TinyHost, folders: dict[str, Path]
) -> None:
    with start(host, folders, {"plan": {"name": "joint", "discriminator_steps": 3}}) as trainer:
        trainer.train()

    assert trainer.images_seen == 96
    assert trainer.iteration == 2


def test_an_accumulated_step_equals_a_whole_one(host: TinyHost, folders: dict[str, Path]) -> None:
    """Up to rounding, for a generator without batch norm's dependence: one D phase."""
    plan = UpdatePlan((Phase("discriminator", ("real",), fresh_real=True),))
    host.plans["one"] = UpdatePlanSpec("one", "D on real", lambda _: plan)
    weights = []
    for parts in (1, 4):
        settings = {
            "plan": {"name": "one"},
            "model": {"dropout": 0.0},
            "train": {"accumulate": parts},
        }
        with start(host, folders, settings) as trainer:
            trainer.train()
            weights.append([p.detach() for p in trainer.networks.discriminator.parameters()])

    for one, other in zip(*weights, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


def test_a_loss_that_is_not_finite_stops_the_run_and_keeps_the_last_good_checkpoint(
    host: TinyHost, folders: dict[str, Path]
) -> None:
    with start(host, folders, {"train": {"images": 1000, "log_every": 1}}) as trainer:
        trainer.iterate()
        trainer.save()
        good = trainer.run.newest_checkpoint()
        with torch.no_grad():
            next(trainer.networks.discriminator.parameters()).fill_(torch.nan)
        with pytest.raises(TrainingError) as error:
            trainer.train()

    message = str(error.value)
    assert "'real.bce'" in message
    assert "iteration 2" in message
    assert str(good) in message
    assert "learning_rate" in message
    assert trainer.run.all_checkpoints() == [good]
    assert host.heard[-1][1].outcome == "failed"


def test_a_run_leaves_what_is_needed_to_understand_it(
    host: TinyHost, folders: dict[str, Path]
) -> None:
    done = run(host, folders, {"train": {"log_every": 2}})

    session = done.read_provenance()["sessions"][0]
    assert session["packages"]["torch"] == torch.__version__
    assert session["dataset"]["images"] == 50
    assert session["seed"] == 0
    assert done.read_config()["train"]["precision"] == "float32"
    assert [path.name for path in sorted(done.grids.iterdir())] == [
        "000000064.png",
        "000000096.png",
    ]
    rows = [json.loads(line) for line in done.metrics.read_text().splitlines()]
    assert [row["images_seen"] for row in rows] == [32, 64, 96]
    assert {"real.bce", "fake.bce", "generator.bce", "images_per_second"} <= rows[0].keys()


def test_observers_hear_a_run_from_start_to_end(host: TinyHost, folders: dict[str, Path]) -> None:
    run(host, folders, {})

    hooks = [hook for hook, _ in host.heard]
    assert hooks[0] == "ganx_run_started"
    assert hooks[-1] == "ganx_run_ended"
    assert {"ganx_step_ended", "ganx_grid_drawn", "ganx_checkpoint_saved"} <= set(hooks)
    assert host.heard[-1][1].outcome == "finished"


def test_only_the_newest_checkpoints_are_kept(host: TinyHost, folders: dict[str, Path]) -> None:
    done = run(host, folders, {"train": {"checkpoint_minutes": 1e-9, "keep_checkpoints": 2}})

    assert [path.name for path in done.all_checkpoints()] == ["000000080", "000000096"]


def test_a_resumed_run_keeps_what_it_is(host: TinyHost, folders: dict[str, Path]) -> None:
    done = run(host, folders, {})

    with pytest.raises(ConfigError, match=r"model.*train\.seed cannot change"):
        resume(host, folders, done.path, {"model": {"width": 9}, "train": {"seed": 4}})


def test_a_finished_run_stays_as_it_is(host: TinyHost, folders: dict[str, Path]) -> None:
    done = run(host, folders, {})
    before = done.config.read_bytes(), done.provenance.read_bytes()

    with resumed(
        host,
        done.path,
        {"train": {"images": 10}},
        cache=folders["cache"],
        notify=host.notify,
        progress=lambda *_: None,
    ) as trainer:
        assert trainer.images_seen == 96

    assert (done.config.read_bytes(), done.provenance.read_bytes()) == before


def test_changed_data_cannot_be_resumed(host: TinyHost, folders: dict[str, Path]) -> None:
    done = run(host, folders, {})
    settings = done.read_config()
    settings["dataset"]["size"] = 51
    done.write_config(settings)

    with pytest.raises(RunError, match="data set has changed"):
        resume(host, folders, done.path, {"train": {"images": 200}})


def test_two_processes_cannot_train_one_run(host: TinyHost, folders: dict[str, Path]) -> None:
    with start(host, folders, {}) as trainer:
        trainer.train(lambda: trainer.images_seen >= 16)
        with pytest.raises(RunError, match="Another process is training"):
            resume(host, folders, trainer.run.path, {})


def test_an_optimizer_of_nobody_is_refused_before_anything_is_written(
    host: TinyHost, folders: dict[str, Path]
) -> None:
    with pytest.raises(ConfigError, match=r"optimizer\.generatr.*'generator'"):
        run(host, folders, {"optimizer": {"generatr": {}}})

    assert not folders["runs"].exists()


# The compiler warns of its own doings, which are not ours to mend.
@pytest.mark.filterwarnings("ignore")
def test_compiled_networks_have_the_losses_of_eager_ones(
    host: TinyHost, folders: dict[str, Path]
) -> None:
    losses = []
    for compiled in ("off", "on"):
        train = {"compile": compiled, "log_every": 1, "images": 64}
        done = run(host, folders, {"model": {"dropout": 0.0}, "train": train})
        rows = [json.loads(line) for line in done.metrics.read_text().splitlines()]
        losses.append(
            [[row[f"{part}.bce"] for part in ("real", "fake", "generator")] for row in rows]
        )

    assert len(losses[0]) == 4
    assert losses[1] == [pytest.approx(row, rel=1e-3) for row in losses[0]]
