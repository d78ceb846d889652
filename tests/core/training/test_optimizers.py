"""Runs with optimizers of strangers."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from lab import Lab, assert_same_checkpoint
from strange_optimizers import Counting, Listing, of, sgd, spec, two_rates
from tiny import TINY_RECIPE

from ganx.contracts.specs import RecipeSpec
from ganx.errors import ConfigError, RunError
from ganx.host import load_plugins
from ganx.settings.merging import merge
from ganx.settings.run import resolve
from ganx.training.optimizer_state import _placed
from ganx.training.optimizers import ScheduledOptimizer

STRANGE = {"generator": {"name": "strange"}, "discriminator": {"name": "strange"}}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.mark.parametrize("one", [spec(sgd), spec(two_rates), of(Counting)])
def test_a_strangers_optimizer_resumes_to_the_bit(lab: Lab, one: Any) -> None:
    lab.host.optimizers["strange"] = one
    schedule = {"generator": {"schedule": {"name": "linear", "warmup": 32}}}
    settings = {"optimizer": merge(STRANGE, schedule)}
    whole = lab.run(**settings)
    with lab.start(**settings) as trainer:
        trainer.train(lambda: trainer.images_seen >= 48)
    torch.manual_seed(999)

    assert_same_checkpoint(whole, lab.resume(trainer.run))


def test_numbers_of_an_optimizer_stand_in_the_checkpoint_as_json(lab: Lab) -> None:
    lab.host.optimizers["strange"] = of(Counting)
    done = lab.run(optimizer=STRANGE)

    state = json.loads((done.newest_checkpoint() / "state.json").read_text())
    kept = state["optimizers"]["generator"]
    assert kept["groups"] == [{"rounds": 6, "phase": "falling"}]
    assert set(kept["state"].values()) == {6}


def test_adam_keeps_nothing_but_tensors(lab: Lab) -> None:
    """So checkpoints of before this was kept are whole without it."""
    state = json.loads((lab.run().newest_checkpoint() / "state.json").read_text())
    assert state["optimizers"]["generator"] == {"state": {}, "groups": [{}]}


def test_a_state_that_no_checkpoint_can_hold_is_refused_by_name(lab: Lab) -> None:
    lab.host.optimizers["strange"] = of(Listing)
    with pytest.raises(RunError, match="Listing keeps"):
        lab.run(optimizer=STRANGE)


def test_the_schedule_scales_each_groups_own_rate() -> None:
    parameters = [torch.nn.Parameter(torch.ones(2, 2)), torch.nn.Parameter(torch.ones(2))]
    settings = spec(two_rates).config()
    scheduled = ScheduledOptimizer(two_rates(parameters, settings), lambda seen: seen / 100)
    for seen in (0, 50, 25):
        assert scheduled.set_learning_rate(seen) == pytest.approx(0.01 * seen / 100)
        rates = [group["lr"] for group in scheduled.optimizer.param_groups]
        assert rates == pytest.approx([0.01 * seen / 100, 0.1 * seen / 100])


def test_an_optimizer_without_rates_is_refused_before_anything_is_written(lab: Lab) -> None:
    lab.host.optimizers["strange"] = spec(lambda *_: object())
    with pytest.raises(ConfigError, match=r"'strange' of optimizer\.generator is no torch"):
        lab.run(optimizer=STRANGE)
    assert not lab.runs.exists()


def test_an_optimizer_that_is_asked_for_takes_of_the_recipe_what_it_has(lab: Lab) -> None:
    lab.host.optimizers["strange"] = spec(sgd)
    rates = {"generator": {"learning_rate": 3e-4, "betas": [0.0, 0.9]}}
    recipe = {**TINY_RECIPE, "optimizer": rates}
    lab.host.recipes["tiny"] = RecipeSpec("tiny", "With settings of Adam", recipe)
    config = resolve(lab.host, {"recipe": "tiny", "optimizer": STRANGE})
    adam = resolve(lab.host, {"recipe": "tiny"}).optimizer["generator"]
    wrong = {"generator": {"name": "strange", "betas": [0.0, 0.5]}}
    with pytest.raises(ConfigError, match=r"optimizer\.generator\.betas"):
        resolve(lab.host, {"recipe": "tiny", "optimizer": wrong})

    chosen = config.optimizer["generator"]
    assert chosen.to_settings() == {
        "name": "strange",
        "learning_rate": 3e-4,
        "momentum": 0.9,
        "schedule": {"name": "constant", "start": 0, "warmup": 0},
    }
    assert adam.to_settings()["betas"] == [0.0, 0.9]
    assert list(adam.to_settings()) == [
        "name",
        "learning_rate",
        "betas",
        "weight_decay",
        "schedule",
    ]
    assert resolve(lab.host, config.to_settings()) == config


def test_a_spec_without_a_learning_rate_is_refused_by_name(fakes: Any) -> None:
    fakes.add(
        "rash",
        """
        import ganx
        from ganx.contracts.specs import NoConfig, OptimizerSpec

        @ganx.hookimpl
        def ganx_optimizers():
            yield OptimizerSpec("rash", "No rate", NoConfig, print)
        """,
    )
    host = load_plugins(allow=["rash"])
    assert "rash" not in host.optimizers
    assert "the OptimizerSpec 'rash'" in host.problems[0].what
    assert "needs a setting 'learning_rate' in its config" in host.problems[0].what


def test_the_cores_optimizers_come_through_the_hook() -> None:
    host = load_plugins(allow=[])
    assert list(host.optimizers) == ["adam", "adamw"]
    assert host.optimizers.provider("adam").plugin == "builtin"


@pytest.mark.parametrize(("group", "device"), [({}, "cpu"), ({"fused": True}, "meta")])
def test_steps_are_counted_where_torch_counts_them(group: dict[str, Any], device: str) -> None:
    """Beside parameters on a GPU, an optimizer that is not fused expects its steps on the CPU."""
    parameter = torch.empty(3, device="meta")
    assert _placed("step", torch.tensor(4.0), parameter, group).device.type == device
    assert _placed("momentum", torch.ones(3), parameter, group).device.type == "meta"
