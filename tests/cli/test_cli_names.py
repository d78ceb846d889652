"""Names of files and folders that are no UTF-8: refused before any work, or no hindrance."""

import errno
import io
import os
import shutil
import sys
from pathlib import Path

import click
import numpy as np
import pytest
from PIL import Image
from small_run import SMALL

from ganx_cli.ending import run
from ganx_cli.main import _show_anything, cli, main
from ganx_cli.own_commands import COMMANDS

Output = pytest.CaptureFixture[str]
ODD = os.fsdecode(b"x\xff")
PHOTOS = (*SMALL[:2], "--dataset", "folder", *SMALL[4:-4], "--images", "8")

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere files cannot have such names"
)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def photos(folder: Path) -> Path:
    """Paint nine images, one of which has a name that is no text."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for name in (*(f"{number}.png" for number in range(8)), os.fsdecode(b"caf\xe9.png")):
        Image.fromarray(rng.integers(0, 255, (32, 32, 3), np.uint8)).save(folder / name)
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        *([command, ODD] for command in COMMANDS),
        ["train", *SMALL, "--out", ODD],
        ["train", *SMALL, "--data", ODD],
        ["train", *SMALL, "--init-from", ODD],
        ["train", *SMALL, "--set", f"evaluate.judge={ODD}"],
        ["train", "--config", ODD],
        ["evaluate", "--judge", ODD],
        ["evaluate", "--data", ODD],
        ["sample", "-o", ODD],
        ["report", f"--output={ODD}"],
        ["judge", "train", "--dataset", "folder", "--data", ODD],
        ["datasets", "show", "folder", "--data", ODD],
    ],
    ids=lambda arguments: " ".join([arguments[0], *arguments[-2:-1]]),
)
def test_every_command_refuses_such_a_name_before_any_work(
    arguments: list[str], capsys: Output
) -> None:
    assert run(cli, arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert r"x\xff' has bytes that are no UTF-8" in said.err
    assert "Rename that file or folder, or make a link to it" in said.err
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", *PHOTOS, "--data", "data"],
        ["judge", "train", "--dataset", "folder", "--data", "data"],
        ["datasets", "show", "folder", "--data", "data"],
    ],
    ids=" ".join,
)
def test_a_folder_below_such_a_one_is_refused_before_it_is_read(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    (tmp_path / ODD / "data").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / ODD)
    assert run(cli, arguments) == 1
    said = capsys.readouterr()
    assert "decoding" not in said.out
    assert r"x\xff/data' has bytes that are no UTF-8" in said.err
    assert "dataset.folder" in said.err
    assert [path.name for path in Path().iterdir()] == ["data"]


def test_images_of_any_name_are_trained_on_and_a_link_gives_their_folder_a_plain_name(
    tmp_path: Path, capsys: Output
) -> None:
    photos(tmp_path / ODD / "data")
    (tmp_path / "plain").symlink_to(tmp_path / ODD / "data")
    assert run(cli, ["train", *PHOTOS, "--data", "plain"]) == 0
    assert run(cli, ["report", "--seeds", "1"]) == 0
    capsys.readouterr()
    (found,) = Path("runs").iterdir()
    assert r"x\xff/data" in (found / "report.html").read_text("utf-8")  # where the link leads
    shutil.rmtree(tmp_path / ODD)
    assert run(cli, ["train", "--resume", "--images", "16"]) == 1
    assert "Something unexpected" not in capsys.readouterr().err


def test_an_image_of_such_a_name_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: Output
) -> None:
    folder = photos(tmp_path / "data")
    (folder / os.fsdecode(b"caf\xe9.png")).write_bytes(b"no image")
    assert run(cli, ["train", *PHOTOS, "--data", "data"]) == 1
    said = capsys.readouterr().err
    assert "Something unexpected" not in said
    assert r"caf\xe9.png" in said


def test_what_a_terminal_cannot_show_is_written_as_escapes() -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding="utf-8")
    _show_anything(stream)
    stream.write(f"{ODD} ±")
    plain = io.TextIOWrapper(written, encoding="ascii")
    _show_anything(plain)
    for one in (stream, plain):
        one.write("±")
        one.flush()
    assert written.getvalue() == b"x\\udcff \xc2\xb1\xc2\xb1\\xb1"


def test_a_terminal_that_shows_bytes_as_they_are_still_does() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="surrogateescape")
    _show_anything(stream)
    assert stream.errors == "surrogateescape"


class OutOfMemoryError(RuntimeError):
    """Stands for torch's."""


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "There is no space left (No space left"),
        (OSError(errno.ENOSPC, "Full", "a/b"), "There is no space left for a/b (Full). Free some"),
        (MemoryError(), "Memory ran out. Take smaller batches"),
        (OutOfMemoryError("CUDA out of memory."), "Memory ran out. Take smaller batches"),
    ],
)
def test_what_the_machine_lacks_is_not_unexpected(
    error: Exception, told: str, capsys: Output
) -> None:
    @click.command()
    def fail() -> None:
        raise error

    assert run(fail, []) == 1
    said = capsys.readouterr().err
    assert told in said
    assert "unexpected" not in said


def test_a_call_whose_output_the_shell_closed_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    with pytest.raises(SystemExit) as ended:
        main(["plugins", "list"])
    assert ended.value.code == 0
    for stream in (sys.stdout, sys.stderr):
        stream.close()
