"""The training loop, on a model that trains in milliseconds."""

import json
from pathlib import Path

import pytest
import torch
from lab import Lab, Settings

from ganx.contracts.plan import Phase, UpdatePlan
from ganx.contracts.specs import UpdatePlanSpec
from ganx.errors import ConfigError, TrainingError


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def test_each_phase_moves_its_owners_parameters_and_nobody_elses(lab: Lab) -> None:
    owners = {"generator": ("generator",), "discriminator": ("real", "fake")}
    for owner, parts in owners.items():
        plan = UpdatePlan((Phase(owner, parts, fresh_real=True),))
        spec = UpdatePlanSpec("one", "One phase", lambda _, plan=plan: plan)
        lab.host.plans["one"] = spec
        with lab.start(plan={"name": "one"}) as trainer:
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


@pytest.mark.parametrize("plan", ["split", "joint", "separate-penalty"])
def test_a_loss_on_pairs_alone_trains_under_every_plan(lab: Lab, plan: str) -> None:
    done = lab.run(loss={"sum": "relativistic"}, plan={"name": plan})

    row = json.loads(done.metrics.read_text().splitlines()[-1])
    assert row["images_seen"] == 96
    assert {"pair.relativistic", "generator.relativistic"} <= row.keys()


@pytest.mark.parametrize("plan", ["split", "joint", "separate-penalty"])
def test_a_loss_that_leaves_an_owner_untrained_is_refused(lab: Lab, plan: str) -> None:
    with pytest.raises(ConfigError, match=r"Nothing in the loss .* trains the generator"):
        lab.run(loss={"sum": "gradient-penalty"}, plan={"name": plan})

    assert not lab.runs.exists()


def test_time_counts_the_images_that_the_discriminator_consumed(lab: Lab) -> None:
    with lab.start(plan={"name": "joint", "discriminator_steps": 3}) as trainer:
        trainer.train()

    assert trainer.images_seen == 96
    assert trainer.state.iteration == 2


def test_an_accumulated_step_equals_a_whole_one(lab: Lab) -> None:
    """Up to rounding, for a generator without batch norm's dependence: one D phase."""
    plan = UpdatePlan((Phase("discriminator", ("real",), fresh_real=True),))
    lab.host.plans["one"] = UpdatePlanSpec("one", "D on real", lambda _: plan)
    weights = []
    for parts in (1, 4):
        settings = {
            "plan": {"name": "one"},
            "model": {"dropout": 0.0},
            "train": {"accumulate": parts},
        }
        with lab.start(**settings) as trainer:
            trainer.train()
            weights.append([p.detach() for p in trainer.networks.discriminator.parameters()])

    for one, other in zip(*weights, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


def test_a_loss_that_is_not_finite_stops_the_run_and_keeps_the_last_good_checkpoint(
    lab: Lab,
) -> None:
    with lab.start(train={"images": 1000, "log_every": 1}) as trainer:
        trainer.iterate()
        trainer.upkeep.save()
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
    rows = [json.loads(line) for line in trainer.run.metrics.read_text().splitlines()]
    assert [row["iteration"] for row in rows] == [1]
    assert lab.host.heard[-1][1].outcome == "failed"


def test_a_run_leaves_what_is_needed_to_understand_it(lab: Lab) -> None:
    done = lab.run(train={"log_every": 2})

    session = done.read_provenance()[0]
    assert session.packages["torch"] == torch.__version__
    assert session.dataset["images"] == 50
    assert session.seed == 0
    assert done.read_config()["train"]["precision"] == "float32"
    assert [path.name for path in sorted(done.grids.iterdir())] == [
        "000000064.png",
        "000000096.png",
    ]
    rows = [json.loads(line) for line in done.metrics.read_text().splitlines()]
    assert [row["images_seen"] for row in rows] == [16, 32, 48, 64, 80, 96]
    assert all({"real.bce", "fake.bce", "generator.bce"} <= row.keys() for row in rows)
    measured = [row["iteration"] for row in rows if "images_per_second" in row]
    assert measured == [2, 4, 6]


def test_observers_hear_a_run_from_start_to_end(lab: Lab) -> None:
    lab.run()

    hooks = [hook for hook, _ in lab.host.heard]
    assert hooks[0] == "ganx_run_started"
    assert hooks[-1] == "ganx_run_ended"
    assert {"ganx_step_ended", "ganx_grid_drawn", "ganx_checkpoint_saved"} <= set(hooks)
    assert lab.host.heard[-1][1].outcome == "finished"


def test_only_the_newest_checkpoints_are_kept(lab: Lab) -> None:
    done = lab.run(train={"checkpoint_minutes": 1e-9, "keep_checkpoints": 2})

    assert [path.name for path in done.all_checkpoints()] == ["000000080", "000000096"]


def test_an_optimizer_of_nobody_is_refused_before_anything_is_written(lab: Lab) -> None:
    with pytest.raises(ConfigError, match=r"optimizer\.generatr.*'generator'"):
        lab.run(optimizer={"generatr": {}})

    assert not lab.runs.exists()


# The compiler warns of its own doings, which are not ours to mend.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("loss", "plan", "figures"),
    [
        ("bce", {"name": "split"}, ("real.bce", "fake.bce", "generator.bce")),
        (
            "relativistic + matching + r1",
            {"name": "joint", "judge_together": True, "reuse_fakes": True},
            ("pair.relativistic", "real.matching", "penalty.r1", "generator.relativistic"),
        ),
    ],
)
def test_compiled_networks_have_the_losses_of_eager_ones(
    lab: Lab, loss: str, plan: Settings, figures: tuple[str, ...]
) -> None:
    losses = []
    for compiled in ("off", "on"):
        train = {"compile": compiled, "log_every": 1, "images": 64}
        done = lab.run(model={"dropout": 0.0}, train=train, loss={"sum": loss}, plan=plan)
        rows = [json.loads(line) for line in done.metrics.read_text().splitlines()]
        losses.append([[row[name] for name in figures] for row in rows])

    assert len(losses[0]) == 4
    assert losses[1] == [pytest.approx(row, rel=1e-3) for row in losses[0]]


@pytest.mark.parametrize("loss", ["bce + auxiliary", "bce + auxiliary + mutual-information"])
def test_a_loss_that_reads_heads_which_d_does_not_have_is_refused(lab: Lab, loss: str) -> None:
    sentence = r"has no such heads" if "mutual" not in loss else r"needs codes"
    with pytest.raises(ConfigError, match=sentence):
        lab.run(loss={"sum": loss})

    assert not lab.runs.exists()
