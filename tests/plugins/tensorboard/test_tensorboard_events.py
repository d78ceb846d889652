"""Events that the TensorBoard plugin is told of, and when it does not listen."""

import io
import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from event_logs import curve, logged, logged_host, settings, started, told
from PIL import Image

from ganx.contracts.events import AlarmRaised, Evaluated, GridDrawn, RunEnded, StepEnded
from ganx.host import load_plugins

STEP = StepEnded(16, 1, {"real.bce": 0.5})


@pytest.fixture(autouse=True)
def _switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GANX_TENSORBOARD", raising=False)


def test_a_long_run_has_some_of_its_grids_and_the_last(tmp_path: Path) -> None:
    Image.new("L", (8, 8)).save(tmp_path / "grid.png")
    grids = [GridDrawn(seen, tmp_path / "grid.png") for seen in range(10, 3001, 10)]
    read = told(
        tmp_path,
        *(("ganx_grid_drawn", grid) for grid in grids),
    )
    steps = [one.step for one in read.Images("samples")]
    assert len(steps) == 31
    assert (steps[0], steps[-1]) == (10, 3000)
    assert set(np.diff(steps)) <= {90, 100}


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_grids_of_any_number_of_channels_are_shown(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "grid.png"
    Image.new(mode, (8, 6)).save(path)
    (noted,) = told(tmp_path, ("ganx_grid_drawn", GridDrawn(5, path))).Images("samples")
    assert Image.open(io.BytesIO(noted.encoded_image_string)).size == (8, 6)


def test_scores_are_curves_beside_the_losses(tmp_path: Path) -> None:
    read = told(
        tmp_path,
        ("ganx_evaluated", Evaluated(160, {"validation.top-k": 0.25}, best_by="validation.top-k")),
        ("ganx_evaluated", Evaluated(320, {"validation.top-k": 0.5}, best_by="validation.top-k")),
    )
    assert curve(read, "validation/top-k") == {160: 0.25, 320: 0.5}


def test_alarms_are_texts(tmp_path: Path) -> None:
    alarm = AlarmRaised(160, "collapse", "G draws one image. Lower its learning rate.")
    (noted,) = told(tmp_path, ("ganx_alarm_raised", alarm)).Tensors("alarms/collapse")
    assert noted.step == 160
    assert [text.decode() for text in noted.tensor_proto.string_val] == [alarm.text]


@pytest.mark.parametrize("value", ["0", "off", "No", " false "])
def test_the_environment_switches_it_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("GANX_TENSORBOARD", value)
    host = logged_host()
    host.notify("ganx_run_started", started(tmp_path))
    host.notify("ganx_step_ended", STEP)
    host.notify("ganx_run_ended", RunEnded(tmp_path, 16, "finished"))
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_the_run_goes_on_without_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("not a folder")
    host = logged_host()
    with caplog.at_level(logging.WARNING, logger="ganx"):
        for hook, event in [
            ("ganx_run_started", started(blocked)),
            *[("ganx_step_ended", STEP)] * 3,
        ]:
            host.notify(hook, event)
    (record,) = caplog.records
    assert "of plugin 'tensorboard' failed with NotADirectoryError" in record.message


def test_everything_is_on_disk_after_each_event(tmp_path: Path) -> None:
    host = logged_host()
    host.notify("ganx_run_started", started(tmp_path))
    for iteration in (1, 2):
        host.notify("ganx_step_ended", StepEnded(16 * iteration, iteration, {"real.bce": 0.5}))
        assert max(curve(logged(tmp_path), "loss/real.bce")) == 16 * iteration


def test_nested_settings_are_joined_by_dots(tmp_path: Path) -> None:
    host = logged_host()
    tables = {"loss": {"sum": "bce", "settings": {}}, "train": {"seed": 3, "compile": False}}
    host.notify("ganx_run_started", started(tmp_path, **tables, names=["a", "b"]))
    expected = {"loss.sum": "bce", "train.seed": 3.0, "train.compile": False, "names": "a, b"}
    assert settings(logged(tmp_path)) == expected


def test_ganx_finds_it_and_it_loads_nothing_before_a_run() -> None:
    host = load_plugins(allow=["tensorboard"])
    (found,) = [plugin for plugin in host.plugins if plugin.name == "tensorboard"]
    assert len(found.hooks) == 6
    assert host.problems == ()
    code = (
        "import sys; from ganx.host import load_plugins; load_plugins(allow=['tensorboard']); "
        "sys.exit(bool({'torch', 'tensorboard', 'PIL'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
