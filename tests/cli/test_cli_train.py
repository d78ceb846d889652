"""``ganx train`` as a person meets it: what is printed, in which order, and what can be pasted."""

import io
import shlex
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console, Group
from small_run import SMALL

from ganx.contracts.events import CheckpointSaved, Evaluated, GridDrawn, RunStarted, StepEnded
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_cli.screen.pace import Pace, duration
from ganx_cli.screen.progress import TrainScreen

RUN = Path("runs", "00000-sagan-iclevr")


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Watched:
    """A screen whose output is kept, with a clock of its own."""

    def __init__(self, *, terminal: bool) -> None:
        self.clock = Clock()
        self.file = io.StringIO()
        self.heard: list[tuple[str, Any]] = []
        console = Console(file=self.file, force_terminal=terminal, width=80, highlight=False)
        self.screen = TrainScreen(lambda *heard: self.heard.append(heard), console, self.clock)

    def train(self, steps: int, seconds: float) -> None:
        self.screen.notify("ganx_run_started", RunStarted(Path("run"), {}, 0, 100 * steps))
        for step in range(1, steps + 1):
            self.clock.now += seconds
            metrics = {"real.bce": 0.5, "images_per_second": 9.0, "learning_rate.generator": 1.0}
            self.screen.notify("ganx_step_ended", StepEnded(100 * step, step, metrics))

    @property
    def lines(self) -> list[str]:
        return self.file.getvalue().splitlines()


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_a_run_makes_of_its_labels_is_told_in_words() -> None:
    watched = Watched(terminal=False)
    shares = {"labels.share of c": 0.2, "labels.share of z": 0.7, "labels.share of both": 0.1}
    scores = {"validation.top-k": 0.5, "labels.label preference": 0.314, **shares}
    watched.screen.notify("ganx_evaluated", Evaluated(4000, scores, "validation.top-k"))
    (line,) = watched.lines
    assert line == (
        "scores at 4,000: validation top-k 0.500  labels: D prefers right labels by 0.31 sd; "
        "labels alone decide 20% of the pixels' variance, noise alone 70%, the rest both together  "
        "best so far by validation top-k"
    )


def test_a_run_tells_its_story_in_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GANX_CACHE", str(tmp_path / "cache"))
    assert run(cli, ["train", *SMALL, "--images", "16"]) == 0
    told = capsys.readouterr()
    order = [
        "No folder of real i-CLEVR images was given",
        "rendering 0/16 images",
        "rendering 16/16 images",
        f"Training {RUN} to 16 images seen",
        "training 16/16 images",
        f"checkpoint at 16: {RUN}",
        "Done after 16 images seen.",
        "Next:",
    ]
    found = [told.out.index(text) for text in order]
    assert found == sorted(found)
    assert told.out.count("No folder of real") == 1
    assert told.err == ""


def test_the_commands_at_the_end_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    runs = "my runs"
    assert run(cli, ["train", *SMALL, "--images", "8", "--out", runs]) == 0
    commands = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ganx")]
    assert len(commands) == 5
    for command in commands:
        name, *arguments = shlex.split(command)
        assert name == "ganx"
        assert run(cli, arguments) == 0, command
    assert Path("grid.png").is_file()
    assert Path(runs, RUN.name, "exports", "generator.onnx").is_file()
    assert Path(runs, RUN.name, "checkpoints", "000000016").is_dir()


def test_without_a_terminal_lines_are_few_and_each_says_all() -> None:
    watched = Watched(terminal=False)
    watched.train(steps=100, seconds=1.0)
    lines = [line for line in watched.lines if line.startswith("training")]
    # The first reading, one each ten seconds, and the last.
    assert len(lines) == 11
    assert lines[1] == "training 1,100/10,000 images  100.0 images/s  1:29 left  real.bce 0.500"
    assert lines[-1] == "training 10,000/10,000 images  100.0 images/s  real.bce 0.500"


def test_the_bar_and_its_losses_fit_eighty_columns_and_vanish() -> None:
    watched = Watched(terminal=True)
    long = {f"a.rather.long.name.of.a.loss.{number}": 1.0 for number in range(5)}
    with watched.screen:
        started = RunStarted(Path("run"), {}, 0, 36_018_000)
        watched.screen.notify("ganx_run_started", started)
        watched.clock.now = 1.0
        watched.screen.notify("ganx_step_ended", StepEnded(36_000, 1, long))
        drawn = tuple(watched.screen._bars._progress.get_renderables())
    plain = Console(file=io.StringIO(), width=80)
    with plain.capture() as captured:
        plain.print(Group(*drawn))
    lines = captured.get().splitlines()
    assert len(lines) == 2
    assert max(map(len, lines)) <= 80
    # What was drawn last is wiped before the closing line: cursor up, erase line.
    assert "\x1b[1A\x1b[2K" in watched.file.getvalue()


def test_grids_and_checkpoints_are_told_now_and_then() -> None:
    watched = Watched(terminal=False)
    for second in range(121):
        watched.clock.now = float(second)
        watched.screen.notify("ganx_grid_drawn", GridDrawn(second, Path("g.png")))
        watched.screen.notify("ganx_checkpoint_saved", CheckpointSaved(second, Path("c")))
    assert [line for line in watched.lines if "grid" in line] == [
        "grid at 0: g.png",
        "grid at 60: g.png",
        "grid at 120: g.png",
    ]
    assert sum("checkpoint" in line for line in watched.lines) == 3
    assert len(watched.heard) == 242


def test_waiting_for_another_process_is_told_once() -> None:
    watched = Watched(terminal=False)
    watched.screen.preparing("wait", 0, 500)
    assert watched.lines == ["waiting for another process that prepares the same images"]


def test_a_new_kind_of_preparation_is_shown_by_its_own_name() -> None:
    watched = Watched(terminal=False)
    watched.screen.preparing("downloading", 0, 500)
    assert watched.lines == ["downloading 0/500 images"]


def test_a_resumed_run_does_not_count_what_was_seen_before_as_its_own_speed() -> None:
    watched = Watched(terminal=False)
    watched.screen.notify("ganx_run_started", RunStarted(Path("run"), {}, 9_000, 10_000))
    watched.clock.now = 10.0
    watched.screen.notify("ganx_step_ended", StepEnded(9_100, 1, {"images_per_second": 1.0}))
    assert watched.lines[-1] == "training 9,100/10,000 images  10.0 images/s  1:30 left"


def test_the_pace_is_that_of_the_last_half_minute() -> None:
    clock = Clock()
    pace = Pace(clock)
    for second in range(61):
        clock.now = float(second)
        pace.mark(second if second < 30 else 30 + 10 * (second - 30))
    assert pace.rate == pytest.approx(10, rel=0.05)


def test_slow_work_has_a_pace_too() -> None:
    clock = Clock()
    pace = Pace(clock)
    for minute in range(4):
        clock.now = 60.0 * minute
        pace.mark(30 * minute)
    assert pace.tell(90, 120) == "90/120 images  0.5 images/s  1:00 left"


@pytest.mark.parametrize(
    ("seconds", "text"), [(5.4, "0:05"), (3599.6, "1:00:00"), (361e3, "100:16:40")]
)
def test_durations_are_read_at_a_glance(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize("command", ["train", "sample"])
def test_help_teaches_with_examples_within_eighty_columns(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run(cli, [command, "--help"]) == 0
    told = capsys.readouterr().out
    assert told.count(f"    ganx {command}") >= 4
    assert max(map(len, told.splitlines())) <= 80


def test_plugin_names_a_model_as_model_does(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for option in ("--plugin", "--model"):
        assert run(cli, ["train", option, "sagan-resnet", "--dataset", "iclevr", "--dry-run"]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
    assert "sagan-resnet" in told[0]
