"""``ganx plot``: the curves of a run as a picture."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from small_run import SMALL

from ganx_cli.ending import run
from ganx_cli.main import cli

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs, the newer of which has written metrics."""
    monkeypatch.chdir(tmp_path)
    for name in ("00000-old", "00001-new"):
        Path("runs", name).mkdir(parents=True)
        Path("runs", name, "config.toml").touch()
    rows = [{"images_seen": 8 * i, "real.bce": 1 / i, "probability.real": 0.5} for i in range(1, 9)]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    Path("runs/00001-new/metrics.jsonl").write_text(lines + '{"images_', "utf-8")


def test_the_newest_run_is_drawn_when_none_is_named(capsys: Output) -> None:
    assert run(cli, ["plot"]) == 0
    said = capsys.readouterr().out
    assert "curves.png: 2 curves of 00001-new" in said
    assert "8 readings up to 64 images seen" in said
    with Image.open("curves.png") as picture:
        assert picture.format == "PNG"


def test_the_ending_decides_the_format() -> None:
    assert run(cli, ["plot", "00001-new", "-o", "new/curves.svg"]) == 0
    assert "<svg" in Path("new/curves.svg").read_text("utf-8")


def test_curves_can_be_chosen_and_left_as_they_are(capsys: Output) -> None:
    assert run(cli, ["plot", "--metric", "probability", "--smooth", "0"]) == 0
    assert "1 curves" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--metric", "real.bcd"), "Unknown metric 'real.bcd'. Did you mean 'real.bce'?"),
        (("00000-old",), "There are no metrics at"),
        (("00007-none",), "There is no run '00007-none'"),
        (("-o", "curves.gif"), "Curves are written as"),
    ],
)
def test_what_cannot_be_drawn_is_told(
    arguments: tuple[str, ...], message: str, capsys: Output
) -> None:
    assert run(cli, ["plot", *arguments]) == 1
    assert message in " ".join(capsys.readouterr().err.split())
    assert not list(Path().glob("curves.*"))


def test_neither_torch_nor_the_global_state_of_pyplot_is_needed() -> None:
    code = (
        "import sys; from ganx_cli.main import cli; from ganx_cli.ending import run; "
        "sys.exit(run(cli, ['plot']) or bool({'torch', 'matplotlib.pyplot'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_training_can_be_drawn(capsys: Output) -> None:
    assert run(cli, ["train", *SMALL, "--images", "16"]) == 0
    capsys.readouterr()
    assert run(cli, ["plot"]) == 0
    assert "curves of 00002-sagan-iclevr" in capsys.readouterr().out
    assert run(cli, ["plot", "--metric", "real", "--metric", "generator"]) == 0
    assert "3 curves" in capsys.readouterr().out
