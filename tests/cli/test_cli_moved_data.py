"""Data that was touched, moved or changed since a run was trained on it."""

import os
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from ganx.data.cache import cache_root
from ganx.host import default_host
from ganx.scoring.opening import Request, open_run
from ganx_cli.ending import run
from ganx_cli.main import cli

Output = pytest.CaptureFixture[str]
RUN = Path("runs", "00000-sagan-bce-folder")
TRAIN = (
    *("train", "--recipe", "sagan-bce", "--dataset", "folder", "--batch-size", "8"),
    *("--device", "cpu", "--precision", "float32", "--images", "8", "--set", "model.width=4"),
    *("--set", "dataset.resolution=32", "--set", "evaluate.evaluators=[]"),
)
FURTHER = ("train", "--resume", "--images", "16")
CHANGES = {
    "an image": "the content of 1 image (03.png)",
    "a label": "the labels of 1 image (15.png)",
    "a new image": "16 images then, 17 now (new: 16.png)",
}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Train for one iteration on a folder of images with a table of labels."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANX_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "data"
    folder.mkdir()
    for number in range(16):
        Image.new("RGB", (32, 32), (number * 15, 9, 0)).save(folder / f"{number:02}.png")
    rows = [f"{number:02}.png,{'cat' if number % 2 else 'dog'}" for number in range(16)]
    write_table(folder, rows)
    assert run(cli, [*TRAIN, "--data", "data"]) == 0
    return folder


def write_table(folder: Path, rows: list[str]) -> None:
    (folder / "labels.csv").write_text("\n".join(["file_name,kind", *rows]) + "\n")


def change(folder: Path, what: str) -> None:
    """Change one thing of the data."""
    rows = (folder / "labels.csv").read_text().split()[1:]
    if what == "an image":
        Image.new("RGB", (32, 32), (1, 2, 3)).save(folder / "03.png")
    elif what == "a label":
        write_table(folder, [*rows[:-1], "15.png,dog"])
    else:
        Image.new("RGB", (32, 32), (1, 2, 3)).save(folder / "16.png")
        write_table(folder, [*rows, "16.png,dog"])


def evaluated(data: Path) -> tuple[str, str]:
    """Open the run as ``ganx evaluate`` does; return the real images' name, and the notes."""
    request = Request(device="cpu", dataset={"folder": str(data)})
    opened = open_run(default_host(), RUN, request, cache=cache_root(), progress=lambda *_: None)
    return opened.subject.reference.name, " ".join(opened.notes)


def seen() -> list[str]:
    return sorted(path.name for path in (RUN / "checkpoints").iterdir())


def test_touched_files_are_the_same_data(data: Path, capsys: Output) -> None:
    for path in data.iterdir():
        os.utime(path, ns=(0, 0))
    capsys.readouterr()
    assert run(cli, [*FURTHER]) == 0
    assert "decoding" not in capsys.readouterr().out
    assert seen() == ["000000008", "000000016"]
    assert evaluated(data) == ("training images", "")


def said(capsys: Output) -> str:
    """Return what was printed, whatever the width of the lines."""
    captured = capsys.readouterr()
    return re.sub(r"\s+", " ", captured.out + captured.err)


def test_moved_data_is_named_with_an_option(data: Path, capsys: Output) -> None:
    shutil.copytree(data, "elsewhere", copy_function=shutil.copyfile)
    shutil.rmtree(data)
    capsys.readouterr()
    for command in (FURTHER, ("evaluate", "--device", "cpu")):
        assert run(cli, command) == 1
        assert said(capsys).endswith(
            f"error: The data of the run is not at {data}. Name its new place with --data DIR. "
        )
    assert evaluated(Path("elsewhere")) == ("training images", "")
    assert run(cli, [*FURTHER, "--data", "elsewhere"]) == 0
    assert "decoding" not in said(capsys)
    assert seen() == ["000000008", "000000016"]
    assert 'elsewhere"' in (RUN / "config.toml").read_text()
    assert run(cli, ["train", "--resume", "--images", "24"]) == 0


@pytest.mark.parametrize("what", CHANGES)
def test_changed_data_is_refused_and_it_is_told_how_to_start_from_the_weights(
    data: Path, capsys: Output, what: str
) -> None:
    shutil.copytree(data, "elsewhere")
    change(Path("elsewhere"), what)
    capsys.readouterr()
    assert run(cli, [*FURTHER, "--data", "elsewhere"]) == 1
    told = said(capsys)
    assert f"What differs: {CHANGES[what]}." in told
    assert "decoding" not in told
    assert f"`ganx train --config {RUN}/config.toml --init-from {RUN} --data " in told
    assert "/elsewhere`." in told
    assert seen() == ["000000008"]
    assert run(cli, [*FURTHER]) == 0


def test_an_evaluation_says_that_images_or_labels_are_others(data: Path) -> None:
    change(data, "a label")
    name, notes = evaluated(data)
    assert name == "training images"
    assert notes.startswith("The labels or the vocabulary of the data set are not those")
    change(data, "an image")
    assert evaluated(data)[0] == "other images than were trained on"
