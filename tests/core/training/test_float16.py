"""Runs in float16, on a CPU that stands in for a GPU without bfloat16."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny
import torch
from lab import Lab, assert_same_checkpoint
from safetensors.torch import load_file
from torch import Tensor, nn

from ganx.contracts.networks import Critique
from ganx.contracts.plan import UpdatePlan
from ganx.device import Execution
from ganx.errors import TrainingError
from ganx.pages.curve_names import panels
from ganx.remedies import Notice
from ganx.runs.checkpoint import load_state
from ganx.runs.directory import RunDirectory
from ganx.runs.metrics import read_metrics
from ganx.sessions import session
from ganx.sessions.session import resumed
from ganx.settings.tables import TrainConfig
from ganx.training.meter import PATIENCE

HALF = {"train": {"precision": "float16"}}
SPARING = {"plan": {"name": "joint", "reuse_fakes": True}}


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    def execution_of(train: TrainConfig) -> Execution:
        return Execution(torch.device("cpu"), train.precision, compile=False, channels_last=True)

    monkeypatch.setattr(session, "execution_of", execution_of)
    return Lab(tmp_path)


def rows_of(run: RunDirectory) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.metrics.read_text().splitlines()]


def scale_of(run: RunDirectory) -> float:
    scale: float = load_state(run.newest_checkpoint())["scaler"]["scale"]
    return scale


def weights(network: nn.Module) -> list[Tensor]:
    return [value.detach().clone() for value in network.state_dict().values()]


@contextmanager
def overflowing(network: type[nn.Module]) -> Iterator[None]:
    """Let every pass overflow, in front of all that is normalised."""
    forward = network.forward

    def overflowed(self: nn.Module, inputs: Tensor, *others: Tensor) -> Any:
        return forward(self, inputs * torch.inf, *others)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "forward", overflowed)
        yield


@pytest.mark.parametrize("settings", [{}, SPARING, {"train": {"accumulate": 4}}])
def test_a_run_in_float16_scales_its_losses_and_resumes_exactly(
    lab: Lab, settings: dict[str, Any]
) -> None:
    half = {**settings, "train": {**settings.get("train", {}), **HALF["train"]}}
    whole = lab.run(**half)
    with lab.start(**half) as trainer:
        trainer.train(lambda: trainer.images_seen >= 48)

    continued = lab.resume(trainer.run)

    assert scale_of(whole) == scale_of(continued) == 2.0**16
    assert {row["skipped_steps"] for row in rows_of(whole)} == {0.0}
    assert_same_checkpoint(whole, continued)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_other_formats_scale_nothing_and_count_nothing(lab: Lab, precision: str) -> None:
    done = lab.run(train={"precision": precision})

    assert load_state(done.newest_checkpoint())["scaler"] == {}
    assert not any("skipped_steps" in row for row in rows_of(done))


@pytest.mark.parametrize("network", [tiny.TinyGenerator, tiny.TinyDiscriminator])
@pytest.mark.parametrize("settings", [{}, SPARING])
def test_a_pass_that_overflows_costs_its_step_and_nothing_else(
    lab: Lab, network: type[nn.Module], settings: dict[str, Any]
) -> None:
    with lab.start(**settings, **HALF) as trainer:
        trainer.iterate()
        before = weights(trainer.networks.generator)
        with overflowing(network):
            trainer.iterate()
        after = weights(trainer.networks.generator)
        averaged = weights(trainer.state.ema.generator)
        row = trainer.upkeep.read().rows[-1]
        outcome = trainer.train()

    # With BatchNorm's statistics and count.
    assert all(one.equal(other) for one, other in zip(before, after, strict=True))
    assert all(one.isfinite().all() for one in averaged)
    phases = trainer.setup.plan.phases
    lost = [one for one in phases if network is tiny.TinyDiscriminator or one.uses_fake]
    assert row["skipped_steps"] == pytest.approx(len(lost) / len(phases))
    assert "generator.bce" not in row
    assert outcome == "finished"
    assert scale_of(trainer.run) == 2.0 ** (16 - len(lost))
    files = trainer.run.newest_checkpoint().glob("*.safetensors")
    floats = [one for file in files for one in load_file(file).values() if one.is_floating_point()]
    assert all(one.isfinite().all() for one in floats)


def test_the_log_leaves_out_what_overflowed_and_counts_it(lab: Lab) -> None:
    with lab.start(**HALF) as trainer:
        trainer.iterate()
        with overflowing(tiny.TinyDiscriminator):
            trainer.iterate()
        trainer.train()

    skipped = [row["skipped_steps"] for row in rows_of(trainer.run)]
    assert skipped == [0.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    assert ["real.bce" in row for row in rows_of(trainer.run)] == [True, False] + [True] * 4
    (told,) = (event for hook, event in lab.host.heard if hook == "ganx_step_ended")
    assert told.metrics["skipped_steps"] == pytest.approx(1 / 6)
    assert told.metrics["real.bce"] > 0


def test_a_loss_that_overflows_although_its_gradients_do_not_costs_its_step(lab: Lab) -> None:
    """As of a critic whose scores are past the largest number of the format."""

    def far(self: tiny.TinyDiscriminator, images: Tensor, c: Tensor) -> Critique:
        del c
        return Critique(self.judge.bias.expand(len(images)) + torch.inf, {})

    with lab.start(loss={"sum": "wasserstein"}, **HALF) as trainer:
        before = weights(trainer.networks.discriminator)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tiny.TinyDiscriminator, "forward", far)
            plan = UpdatePlan(trainer.setup.plan.phases[:1])
            trainer.setup = replace(trainer.setup, plan=plan)
            trainer.iterate()

    after = weights(trainer.networks.discriminator)
    assert all(one.equal(other) for one, other in zip(before, after, strict=True))
    assert trainer.upkeep.read().rows[-1]["skipped_steps"] == 1.0


def test_a_gradient_that_overflows_costs_its_step_and_the_losses_stand(lab: Lab) -> None:
    with lab.start(**HALF) as trainer:
        trainer.state.scaling.restore({**trainer.state.scaling.state(), "scale": 1e38})
        trainer.iterate()
        row = trainer.upkeep.read().rows[-1]

    assert row["skipped_steps"] == 1.0
    assert {"real.bce", "fake.bce", "generator.bce"} <= row.keys()


def test_a_run_that_overflows_on_and_on_ends_with_its_last_good_checkpoint(lab: Lab) -> None:
    with lab.start(train={"images": 1600, "log_every": 7, **HALF["train"]}) as trainer:
        trainer.iterate()
        trainer.upkeep.save()
        good = trainer.run.newest_checkpoint()
        with overflowing(tiny.TinyDiscriminator), pytest.raises(TrainingError) as error:
            trainer.train()

    assert f"at iteration {1 + PATIENCE}" in str(error.value)
    assert "train.precision float32" in str(error.value)
    assert trainer.run.all_checkpoints() == [good]


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_in_other_formats_the_first_overflow_ends_the_run(lab: Lab, precision: str) -> None:
    with lab.start(train={"precision": precision, "log_every": 1}) as trainer:
        trainer.iterate()
        with overflowing(tiny.TinyDiscriminator), pytest.raises(TrainingError, match="iteration 2"):
            trainer.train()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("float32", "float16"),
        ("bfloat16", "float16"),
        ("float16", "bfloat16"),
        ("float16", "float32"),
    ],
)
def test_a_run_goes_on_in_another_format(lab: Lab, first: str, second: str) -> None:
    with lab.start(train={"precision": first}) as trainer:
        trainer.train(lambda: trainer.images_seen >= 48)
    notices: list[Notice] = []
    changes = {"train": {"precision": second}}
    session = {"cache": lab.folder / "cache", "notify": lab.host.notify}

    with resumed(
        lab.host,
        trainer.run.path,
        changes,
        progress=lambda *_: None,
        notice=notices.append,
        **session,
    ) as trainer:
        assert trainer.train() == "finished"

    said = [notice for notice in notices if "not made in float16" in notice.text]
    assert len(said) == (second == "float16")
    scaler = load_state(trainer.run.newest_checkpoint())["scaler"]
    assert scaler.get("scale") == (2.0**16 if second == "float16" else None)


def test_a_scale_that_was_found_is_kept(lab: Lab) -> None:
    with lab.start(**HALF) as trainer:
        trainer.state.scaling.restore({**trainer.state.scaling.state(), "scale": 512.0})
        trainer.train(lambda: trainer.images_seen >= 48)

    assert scale_of(lab.resume(trainer.run)) == 512.0


def test_statistics_of_averaged_weights_are_gathered_without_float16(lab: Lab) -> None:
    with lab.start(**HALF) as trainer:
        with torch.no_grad():
            trainer.state.ema.generator.paint.weight.fill_(
                1e5
            )  # past the largest number of float16
            trainer.state.ema.generator.expand.weight.fill_(1e5)
        trainer.upkeep.save()

    saved = load_file(trainer.run.newest_checkpoint() / "ema.safetensors")
    assert saved["norm.running_mean"].isfinite().all()


def test_skipped_steps_are_drawn_with_the_readings_and_not_with_the_scores(lab: Lab) -> None:
    (panel,) = panels(read_metrics(lab.run(**HALF).metrics), ["skipped_steps"])

    assert panel.title == "Skipped steps"
    assert not panel.is_of_scores
