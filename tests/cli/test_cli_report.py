"""``ganx report``: the page of a trained run, from scores that are kept or made now."""

import re
import shutil
from pathlib import Path

import pytest
from shown_run import shown_evaluation, shown_subject
from small_run import SMALL

from ganx.runs.directory import RunDirectory
from ganx.scoring.kept import kept_evaluations
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_cli.work.report_material import commands

Output = pytest.CaptureFixture[str]
NAME = "00000-sagan-iclevr"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was not scored while it trained."""
    runs = tmp_path_factory.mktemp("reported") / "runs"
    unscored = ("--set", "evaluate.evaluators=[]", "--out", str(runs))
    assert run(cli, ["train", *SMALL, *unscored, "--images", "16"]) == 0
    return runs


@pytest.fixture(autouse=True)
def _where_the_runs_are(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(trained, tmp_path / "runs")
    monkeypatch.chdir(tmp_path)


def report(*arguments: str) -> int:
    return run(cli, ["report", "--device", "cpu", *arguments])


def kept() -> int:
    return len(kept_evaluations(RunDirectory(Path("runs", NAME))))


def test_a_run_is_scored_where_nothing_fitting_was_kept(capsys: Output) -> None:
    assert report("--seeds", "1") == 0
    said = capsys.readouterr()
    assert f"Scoring {NAME} after 16 images seen" in said.err
    assert re.search(rf"runs/{NAME}/report\.html: 0\.\d MB", said.out)
    page = Path("runs", NAME, "report.html").read_text("utf-8")
    assert re.search(r"new_test: \d+ of 32 right", page)
    assert page.count('class="cell ') > 64
    assert "Test prompts: top-k" in page
    assert "never took part in its training" in page
    assert f"ganx report runs/{NAME} --checkpoint 16 --weights ema" in page
    assert kept() == 1

    assert report("-o", "deep/page.html") == 0
    said = capsys.readouterr()
    assert "Scoring" not in said.err
    assert "Test prompts: top-k" in Path("deep/page.html").read_text("utf-8")
    assert kept() == 1

    assert report("--seeds", "1", "--weights", "raw") == 0
    assert "Of the raw weights" in Path("runs", NAME, "report.html").read_text("utf-8")
    assert report("--seeds", "2") == 0
    assert kept() == 3
    assert capsys.readouterr().err.count("Scoring") == 2


def test_what_cannot_be_opened_is_said_and_the_rest_shown(capsys: Output) -> None:
    config = Path("runs", NAME, "config.toml")
    config.write_text(config.read_text("utf-8").replace('"iclevr"', '"iclevre"'), "utf-8")
    assert report() == 0
    assert "Neither prompts nor new scores can be shown" in capsys.readouterr().err
    page = Path("runs", NAME, "report.html").read_text("utf-8")
    assert "iclevre" in page
    assert 'class="moments"' in page
    assert "<figure" in page
    assert 'class="cell ' not in page


def test_a_run_without_a_checkpoint_has_a_page(capsys: Output) -> None:
    shutil.rmtree(Path("runs", NAME, "checkpoints"))
    assert report() == 0
    assert "no checkpoint yet" in capsys.readouterr().err
    assert "<figure" in Path("runs", NAME, "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("00009-none",), "There is no run '00009-none'"),
        (("--checkpoint", "17"), "has no checkpoint at 17 images seen"),
        (("--judge", "none.safetensors"), "Cannot read the judge none.safetensors"),
    ],
)
def test_what_was_named_and_is_not_there_is_an_error(
    arguments: tuple[str, ...], message: str, capsys: Output
) -> None:
    assert report(*arguments) == 1
    assert message in " ".join(capsys.readouterr().err.split())
    assert not Path("runs", NAME, "report.html").exists()


def test_a_place_that_cannot_be_written_is_told_before_it_is_scored(capsys: Output) -> None:
    Path("file").touch()
    assert report("-o", "file/page.html") == 1
    said = capsys.readouterr().err
    assert "Cannot write file/page.html" in said
    assert "Scoring" not in said


def test_commands_repeat_what_is_shown() -> None:
    shown = shown_evaluation(shown_subject())
    told = dict(commands("runs/one", Path("j.safetensors"), None, shown))
    chosen = "runs/one --checkpoint 4000 --weights ema"
    assert told == {
        "Train it again": "ganx train --config runs/one/config.toml",
        "Score it": f"ganx evaluate {chosen} --seeds 2 --judge j.safetensors",
        "Draw images": f"ganx sample {chosen} -n 64 -o samples.png",
        "Ship it": f"ganx export {chosen} --format onnx",
        "Write this page": f"ganx report {chosen} --judge j.safetensors",
    }
    assert [what for what, _ in commands("runs/one", None, None, None)] == ["Train it again"]
