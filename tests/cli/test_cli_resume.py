"""Stopping a training in every way, and going on to the bits of one that was never stopped."""

import re
import shlex
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from small_run import SMALL, checkpoint_bytes, read_until, start

from ganx.runs.directory import RunDirectory
from ganx.training.trainer import Trainer
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_iclevr.rendered import RenderedImages

LENGTH = ("--images", "240")
RUN = Path("runs", "00000-sagan-iclevr")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The last checkpoint of a run that was never stopped."""
    folder = tmp_path_factory.mktemp("whole")
    assert run(cli, ["train", *SMALL, *LENGTH, "--out", str(folder)]) == 0
    return checkpoint_bytes(folder / RUN.name)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def send(number: signal.Signals, times: int = 1) -> Callable[[Trainer], None]:
    """Make an iteration in whose middle the process gets a signal."""
    iterate = Trainer.iterate

    def iteration(trainer: Trainer) -> None:
        if trainer.state.iteration == 3:
            for _ in range(times):
                signal.raise_signal(number)
        iterate(trainer)

    return iteration


def test_ctrl_c_saves_and_the_run_goes_on_to_the_same_bits(
    whole: dict[str, bytes], tmp_path: Path
) -> None:
    process = start(["train", *SMALL, *LENGTH], tmp_path)
    read_until(process, "Training")
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate()
    assert (process.returncode, errors) == (130, "")
    assert "Stopping after this iteration and saving" in output
    assert "Interrupted, and saved, after" in output
    assert f"  ganx train --resume {RUN}\n" in output
    assert run(cli, ["train", "--resume"]) == 0
    assert checkpoint_bytes(RUN) == whole


def test_sigterm_saves_and_the_run_goes_on_to_the_same_bits(
    whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "iterate", send(signal.SIGTERM))
        assert run(cli, ["train", *SMALL, *LENGTH]) == 143
    assert [path.name for path in (RUN / "checkpoints").iterdir()] == ["000000032"]
    assert run(cli, ["train", "--resume"]) == 0
    assert checkpoint_bytes(RUN) == whole


def test_a_killed_run_goes_on_from_its_last_checkpoint_to_the_same_bits(
    whole: dict[str, bytes], tmp_path: Path
) -> None:
    often = ("--set", "train.checkpoint_minutes=0.000001")
    process = start(["train", *SMALL, *LENGTH, *often], tmp_path)
    read_until(process, "checkpoint at 8:")
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert run(cli, ["train", "--resume"]) == 0
    assert checkpoint_bytes(RUN) == whole


def test_the_second_signal_quits_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(Trainer, "iterate", send(signal.SIGINT, times=2))
    assert run(cli, ["train", *SMALL, *LENGTH]) == 130
    assert capsys.readouterr().err == "Interrupted.\n"
    assert not (RUN / "checkpoints").exists()
    assert signal.getsignal(signal.SIGINT) is handler


def test_ctrl_c_while_images_are_prepared_ends_it_at_once_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANX_CACHE", str(tmp_path / "cache"))
    process = start(["train", *SMALL, "--set", "dataset.size=18009"], tmp_path)
    read_until(process, "rendering 0/18,009 images")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (130, "Interrupted.\n")
    assert not Path("runs").exists()
    assert not [path for path in Path("cache", "images").iterdir() if path.is_dir()]


def test_sigterm_while_images_are_prepared_ends_it_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        RenderedImages, "fingerprint", lambda _: signal.raise_signal(signal.SIGTERM)
    )
    assert run(cli, ["train", *SMALL, *LENGTH]) == 143
    assert capsys.readouterr().err == "Interrupted.\n"
    assert not Path("runs").exists()


def test_a_finished_run_has_nothing_to_resume(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["train", *SMALL, "--images", "8"]) == 0
    before = checkpoint_bytes(RUN)
    capsys.readouterr()
    # Settings that are the run's own may be repeated.
    assert run(cli, ["train", "--resume", *SMALL]) == 0
    told = capsys.readouterr().out
    assert f"Nothing to do: {RUN} has seen 8 images" in told
    assert f"ganx train --resume {RUN} --images 16" in told
    assert checkpoint_bytes(RUN) == before


def test_the_command_that_is_advised_for_refused_settings_works(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(cli, ["train", *SMALL, "--images", "8"]) == 0
    wanted = ["--images", "16", "--batch-size", "4", "--loss", "hinge + 0.1*r1"]
    assert run(cli, ["train", "--resume", *wanted]) == 1
    told = capsys.readouterr().err
    assert "loss.sum, train.batch_size cannot change" in told
    (command,) = re.findall(r"`ganx (train --config .*)`", told)
    assert run(cli, shlex.split(command)) == 0
    made = RunDirectory(Path("runs", "00001-sagan-iclevr"))
    settings = made.read_config()
    assert (settings["train"]["batch_size"], settings["loss"]["sum"]) == (4, "hinge + 0.1*r1")
    assert settings["train"]["init_from"] == str((RUN / "checkpoints" / "000000008").absolute())
    assert made.newest_checkpoint().name == "000000016"


def test_a_run_is_prolonged_in_passes_over_the_data() -> None:
    assert run(cli, ["train", *SMALL, "--epochs", "0.5"]) == 0
    assert run(cli, ["train", "--resume", "00000-sagan-iclevr", "--epochs", "1.5"]) == 0
    names = [path.name for path in (RUN / "checkpoints").iterdir()]
    assert sorted(names) == ["000000008", "000000024"]
