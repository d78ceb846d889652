"""``ganx train --dry-run``."""

import tomllib
from pathlib import Path

import pytest
from small_run import SMALL

from ganx.sessions import deciding
from ganx.sessions.measuring import Verdict
from ganx.sessions.race import Candidate
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_iclevr.rendered import RenderedImages

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANX_CACHE", str(tmp_path / "cache"))


def dry_run(capsys: Output, *arguments: str) -> str:
    capsys.readouterr()
    assert run(cli, ["train", *arguments, "--dry-run"]) == 0
    return capsys.readouterr().out


def test_a_dry_run_writes_nothing_and_reads_no_pixel(
    tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise AssertionError("a pixel was asked for")

    monkeypatch.setattr(RenderedImages, "read", read)
    dry_run(capsys, *SMALL)
    assert list(tmp_path.iterdir()) == []


def test_the_resolved_configuration_is_printed_with_all_that_follows_from_it(
    capsys: Output,
) -> None:
    told = dry_run(capsys, *SMALL, "--images", "160")
    settings = tomllib.loads(told)
    assert settings["recipe"] == "sagan"
    assert settings["model"]["width"] == 4
    assert settings["train"]["images"] == 160
    assert "# auto here   device cpu, precision float32, compile off, channels_last true" in told
    assert "# parameters  generator 14,536, discriminator 1,570" in told
    assert "# data        16 images at 32x32, which the run will first render" in told
    assert "160 images seen, 10.0 passes over 16" in told
    assert "# memory      about " in told
    assert "networks, gradients, optimizer moments" in told


def test_its_output_is_a_configuration_of_the_same_run(tmp_path: Path, capsys: Output) -> None:
    told = dry_run(capsys, *SMALL, "--seed", "5")
    (tmp_path / "run.toml").write_text(told, encoding="utf-8")
    assert dry_run(capsys, "--config", "run.toml") == told


def test_images_that_were_prepared_are_told_from_those_that_were_not(capsys: Output) -> None:
    assert run(cli, ["train", *SMALL, "--images", "8"]) == 0
    assert "# data        16 images at 32x32, already in the cache" in dry_run(capsys, *SMALL)
    assert "which the run will first render" in dry_run(capsys, *SMALL, "--set", "dataset.seed=1")


def test_a_resumed_run_can_be_looked_at_first(capsys: Output) -> None:
    assert run(cli, ["train", *SMALL, "--images", "8"]) == 0
    told = dry_run(capsys, "--resume", "--images", "24")
    assert tomllib.loads(told)["train"]["images"] == 24
    assert tomllib.loads(told)["train"]["device"] == "cpu"
    assert not Path("runs", "00000-sagan-iclevr", "checkpoints", "000000024").exists()


def test_epochs_become_images_and_the_horizon_of_schedules(capsys: Output) -> None:
    cosine = ("--set", "optimizer.generator.schedule.name=cosine")
    settings = tomllib.loads(dry_run(capsys, *SMALL, *cosine, "--epochs", "2.5"))
    assert settings["train"]["images"] == 40
    assert settings["optimizer"]["generator"]["schedule"]["horizon"] == 40


def test_what_the_loss_goes_without_is_told_and_stays_in_the_settings(capsys: Output) -> None:
    loss = ("--loss", "bce + matching", "--set", "loss.terms.matching.form=bce")
    told = dry_run(capsys, *SMALL, *loss, "--set", "dataset.labels=false")
    assert tomllib.loads(told)["loss"]["terms"] == {"matching": {"form": "bce"}}
    words = " ".join(line.removeprefix("#").strip() for line in told.splitlines())
    assert "The data set says nothing of its images, so the loss goes without matching." in words


def test_a_dry_run_does_not_measure_but_knows_what_was_measured(
    tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GANX_MEASURE")
    found = [Verdict(Candidate("bfloat16", channels_last=False), 2.0)]
    monkeypatch.setattr(deciding, "measure", lambda *_: found.pop())
    auto = (*SMALL, "--precision", "auto", "--images", "8")
    before = dry_run(capsys, *auto)
    assert "device cpu, precision measured when training starts, compile off\n" in before
    assert list(tmp_path.iterdir()) == []
    assert run(cli, ["train", *auto]) == 0
    assert "Training in bfloat16, measured 2.0 times as fast as float32" in capsys.readouterr().out
    known = "device cpu, precision bfloat16, compile off, channels_last false\n"
    assert known in dry_run(capsys, *auto)
    assert found == []


def test_labels_that_the_weights_do_not_know_are_told(capsys: Output) -> None:
    assert run(cli, ["train", *SMALL, "--images", "8"]) == 0
    faces = ("--dataset", "animefaces", "--init-from", "runs/00000-sagan-iclevr")
    told = " ".join(dry_run(capsys, *SMALL, *faces).replace("#", " ").split())
    assert "weights Starting from weights for another vocabulary. Of the labels, " in told
    assert "24 left out (gray cube, red cube, blue cube, and 21 more)" in told
