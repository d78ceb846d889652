"""A run that is resumed with other learning rates uses them, and says so wherever it is read."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lab import Lab, assert_same_checkpoint
from shown_run import shown_material

from ganx.comparing.gathering import _changes
from ganx.contracts.protocol import Origin
from ganx.errors import ConfigError
from ganx.pages.report import report
from ganx.runs.directory import RunDirectory
from ganx.runs.metrics import read_metrics
from ganx.sessions.session import changed_settings, resumed
from ganx.settings.merging import read_toml

RATE = "optimizer.generator.learning_rate"
SLOWER = {"generator": {"learning_rate": 1e-5}}
STAMP = f"from 48 images on: {RATE} 0.0002 -> 1e-05"


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def half(lab: Lab, **settings: Any) -> RunDirectory:
    with lab.start(train={"log_every": 1}, **settings) as trainer:
        trainer.train(lambda: trainer.images_seen >= 48)
    return trainer.run


def rates(run: RunDirectory) -> list[float]:
    return list(read_metrics(run.metrics).series("learning_rate.generator")[1])


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_the_new_rate_is_the_one_that_is_used(lab: Lab, name: str) -> None:
    run = half(lab, optimizer={"generator": {"name": name}})
    with lab.resuming(run, optimizer=SLOWER) as trainer:
        optimizer = trainer.setup.optimizers["generator"].optimizer
        (parameter, *_) = optimizer.param_groups[0]["params"]
        assert optimizer.state[parameter]["step"] == 3
        trainer.train()
        assert optimizer.param_groups[0]["lr"] == 1e-5
    assert rates(run) == pytest.approx([2e-4] * 3 + [1e-5] * 3)
    assert rates(lab.resume(run, train={"images": 112}))[-1] == pytest.approx(1e-5)


def test_a_schedule_scales_the_new_rate_and_may_change_itself(lab: Lab) -> None:
    run = half(lab, optimizer={"generator": {"schedule": {"name": "linear", "horizon": 96}}})
    falling = {"learning_rate": 1e-5, "schedule": {"horizon": 192}}
    lab.resume(run, optimizer={"generator": falling}, train={"images": 144})
    assert rates(run)[-1] == pytest.approx(1e-5 * (1 - 144 / 192))


def test_the_change_decides_the_weights_and_is_the_same_every_time(lab: Lab) -> None:
    one, other = (lab.resume(half(lab), optimizer=SLOWER) for _ in range(2))
    assert_same_checkpoint(one, other)
    whole = lab.run()
    changed = (run.newest_checkpoint() / "generator.safetensors" for run in (one, whole))
    assert len({path.read_bytes() for path in changed}) == 2


def test_a_session_keeps_what_was_changed_and_when(lab: Lab) -> None:
    run = lab.resume(half(lab), optimizer=SLOWER, train={"images": 112, "grid_every": 7})
    first, second = json.loads(run.provenance.read_text())["sessions"]
    assert (first["images_seen"], first["changes"]) == (0, [])
    assert second["images_seen"] == 48
    assert second["changes"] == [
        {"key": RATE, "before": 2e-4, "after": 1e-5},
        {"key": "train.images", "before": 96, "after": 112},
        {"key": "train.grid_every", "before": 0, "after": 7},
    ]


def test_the_stamp_stands_wherever_the_run_is_read(lab: Lab) -> None:
    run, said = half(lab), list[str]()
    session = {**lab._session(), "notice": lambda notice: said.append(str(notice))}
    with resumed(lab.host, run.path, {"optimizer": SLOWER}, **session) as trainer:  # type: ignore[arg-type]
        trainer.train()
    assert f"This run was changed while it trained: {STAMP}." in said
    assert report(run, shown_material()).count(STAMP.replace(">", "&gt;")) == 2
    comment = run.config.read_text().splitlines()[0]
    told = "Repeated with these settings, it ends elsewhere: it was changed while it trained"
    assert comment == f"# {told}: {STAMP}."
    assert read_toml(run.config)["optimizer"]["generator"]["learning_rate"] == 1e-5
    again = lab.resume(run, train={"images": 112})
    assert STAMP in again.config.read_text()


@pytest.mark.parametrize(("images_seen", "told"), [(48, []), (96, [STAMP])])
def test_a_comparison_tells_what_changed_before_the_weights_that_it_scores(
    lab: Lab, images_seen: int, told: list[str]
) -> None:
    run = lab.resume(half(lab), optimizer=SLOWER)
    opened: Any = SimpleNamespace(run=run, origin=Origin(images_seen=images_seen))
    assert _changes(opened) == told


def test_a_run_whose_weights_were_left_alone_bears_no_stamp(lab: Lab) -> None:
    run = lab.resume(half(lab), train={"grid_every": 7}, optimizer={"generator": {}})
    assert_same_checkpoint(run, lab.run())
    assert not run.config.read_text().startswith("#")
    assert "Changed while it trained" not in report(run, shown_material())


@pytest.mark.parametrize(
    ("changes", "advised"),
    [
        ({"train": {"batch_size": 8}}, "start-from-these-weights"),
        ({"loss": {"sum": "hinge"}}, "start-from-these-weights"),
        ({"optimizer": {"generator": {"betas": [0.1, 0.9]}}}, "start-from-these-weights"),
        ({"model": {"width": 9}, "train": {"batch_size": 8}}, "start-a-new-run"),
    ],
)
def test_the_rest_stays_refused_with_the_way_to_have_it(
    lab: Lab, changes: dict[str, Any], advised: str
) -> None:
    run = half(lab)
    with pytest.raises(ConfigError) as refusal:
        lab.resume(run, **changes)
    assert refusal.value.remedy is not None
    assert refusal.value.remedy.kind == advised
    key = next(f"{table}.{key}" for table, found in changes.items() for key in found)
    assert key in str(refusal.value)


def test_the_rate_of_no_network_is_pointed_to_those_of_each(lab: Lab) -> None:
    run = half(lab)
    wanted = r"no setting optimizer\.learning_rate.*Set optimizer\.generator\.learning_rate, opt"
    with pytest.raises(ConfigError, match=wanted):
        lab.resume(run, optimizer={"learning_rate": 1e-5})
    with pytest.raises(ConfigError, match=wanted), lab.start(optimizer={"learning_rate": 1e-5}):
        pass


def test_weights_are_not_advised_for_images_that_they_do_not_fit(lab: Lab) -> None:
    with pytest.raises(ConfigError, match=r"dataset\.resolution cannot change") as refusal:
        changed_settings(half(lab), {"dataset": {"resolution": 9}})
    assert refusal.value.remedy is not None
    assert refusal.value.remedy.kind == "start-a-new-run"
