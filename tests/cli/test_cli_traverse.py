"""``ganx traverse`` and ``ganx interpolate``: on a small run, and on a generator with codes."""

from pathlib import Path
from typing import Any

import pytest
from codes import FACES, LATENT, SHAPES, SIDE, written
from PIL import Image
from small_run import SMALL

from ganx.contracts.condition import UNCONDITIONAL, Condition
from ganx.sampling import generator
from ganx.sampling.axes import Span, latent_axis
from ganx.sampling.traversal import fixed_inputs, traversal_picture
from ganx_cli.ending import run
from ganx_cli.main import cli

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def load(monkeypatch: pytest.MonkeyPatch, condition: Condition = UNCONDITIONAL) -> None:
    """Let every run be that of a generator with codes."""

    def loaded(*_: Any, **__: Any) -> Any:
        return written(condition)

    monkeypatch.setattr(generator, "load_generator", loaded)


def told(capsys: Output, *arguments: str, code: int = 0) -> str:
    """Run a command and return what it says, without the wrapping of lines."""
    assert run(cli, arguments) == code
    captured = capsys.readouterr()
    return " ".join((captured.err if code else captured.out).split())


def size(path: str) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def test_a_run_is_traversed_and_morphed_without_its_data_set(capsys: Output) -> None:
    told(capsys, "train", *SMALL, "--images", "8")
    common = ("--block", "iclevr")
    said = told(
        *(capsys, *common, "traverse", "00000-sagan-iclevr", "--part", "noise.3"),
        *("--rows", "object", "--steps", "3", "-o", "grid.png"),
    )
    assert said == (
        "grid.png: noise.3 down, object across from 00000-sagan-iclevr after 8 images seen, seed 0"
    )
    assert size("grid.png")[0] > 24 * 34
    said = told(
        *(capsys, *common, "interpolate", "--from", "red cube", "--to", "blue sphere"),
        *("--seeds", "1", "2", "--steps", "3", "-n", "2", "-o", "morph.gif"),
    )
    assert said == (
        "morph.gif: red cube to blue sphere, seed 1 to 2, in 3 steps "
        "from 00000-sagan-iclevr after 8 images seen"
    )
    with Image.open("morph.gif") as animation:
        assert getattr(animation, "n_frames", 1) == 4


@pytest.mark.parametrize("option", ["--rows", "--columns", "--across"])
def test_one_class_stands_in_each_column(
    option: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(monkeypatch)
    said = told(capsys, "traverse", "--part", "style.0", option, "digit", "-o", "grid.png")
    assert "grid.png: style.0 down, digit across from 00000-written" in said
    frozen, columns = written(), latent_axis(LATENT, "digit", Span())
    rows = [latent_axis(LATENT, "style.0", Span(10))]
    expected = traversal_picture(frozen, rows, columns, fixed_inputs(frozen, None, columns, 0))
    with Image.open("grid.png") as picture:
        assert picture.tobytes() == expected.tobytes()


def test_every_code_runs_when_none_is_named(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(monkeypatch)
    said = told(capsys, "traverse", "--rows", "digit")
    assert "traversal.png: style.0, style.1 down, digit across" in said
    assert "digit, style.0, style.1 down, seed across" in told(capsys, "traverse")


def test_the_attributes_that_stay_are_told(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    load(monkeypatch, FACES)
    options = ("--part", "noise.0", "--rows", "hair", "--labels", "eyes=red")
    assert "hair across, of eyes=red" in told(capsys, "traverse", *options)


def test_rows_range_and_columns_can_be_set(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    load(monkeypatch)
    short = ("traverse", "--part", "style.1", "--steps", "2")
    told(capsys, *short, "-n", "30", "-o", "a.png")
    told(capsys, *short, "-n", "32", "--range", "-3", "3", "-o", "b.png")
    assert size("b.png")[0] == size("a.png")[0] + 2 * (SIDE + 2)
    assert size("b.png")[1] == size("a.png")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--part", "stile.0"), "There is no part 'stile.0' in the latent"),
        (("--part", "noise"), "write noise.0 to noise.2"),
        (("--part", "style.0", "--rows", "hairs"), "Did you mean 'hair'?"),
        (("--part", "digit", "--rows", "digit"), "both run through digit"),
        (("--part", "style.0", "--range", "2", "2"), "no two ends"),
        (("--part", "style.0", "--labels", "hair=pink, eyes=green"), "There is no eyes 'green'"),
        (("--part", "style.0", "-o", "grid.xyz"), "Cannot tell a picture format"),
    ],
)
def test_what_cannot_be_traversed_is_told(
    arguments: tuple[str, ...],
    message: str,
    capsys: Output,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load(monkeypatch, FACES)
    assert message in told(capsys, "traverse", *arguments, code=1)
    assert list(Path().iterdir()) == []


def test_the_ending_decides_between_a_grid_and_an_animation(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(monkeypatch)
    common = ("interpolate", "--seeds", "1", "2", "--steps", "5", "-n", "3")
    for name, frames in (("a.png", 1), ("a.jpg", 1), ("a.gif", 8), ("a.webp", 8)):
        assert f"{name}: seed 1 to 2, in 5 steps" in told(capsys, *common, "-o", name)
        with Image.open(name) as picture:
            assert getattr(picture, "n_frames", 1) == frames
    assert size("a.png")[0] >= 5 * (SIDE + 2)


@pytest.mark.parametrize(
    ("options", "title"),
    [
        (("--seeds", "1", "2"), "seed 1 to 2"),
        (("--seeds", "1", "2", "--labels", "red cube"), "red cube, seed 1 to 2"),
        (("--from", "red cube", "--to", "gray cube"), "red cube to gray cube, seed 0"),
        (("--from", "red cube", "--to", "gray cube", "--seed", "4"), "gray cube, seed 4"),
    ],
)
def test_what_changes_is_told(
    options: tuple[str, ...], title: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(monkeypatch, SHAPES)
    assert title in told(capsys, "interpolate", *options, "-o", "a.png")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "Say what changes"),
        (("--labels", "red cube"), 2, "Say what changes"),
        (("--from", "red cube"), 2, "give --from and --to"),
        (("--to", "red cube"), 2, "give --from and --to"),
        (("--seeds", "1", "2", "--seed", "0"), 2, "Leave out --seed"),
        (("--from", "a", "--to", "b", "--labels", "c"), 2, "--labels is for images whose labels"),
        (("--seeds", "1", "2", "-o", "morph.mp4"), 2, "morph.mp4 does not say what to write"),
        (("--seeds", "1", "1"), 1, "Both ends are the same image"),
        (("--from", "red cub", "--to", "gray cube"), 1, "Did you mean 'red cube'?"),
    ],
)
def test_what_cannot_be_morphed_is_told(
    arguments: tuple[str, ...],
    code: int,
    message: str,
    capsys: Output,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load(monkeypatch, SHAPES)
    assert message in told(capsys, "interpolate", *arguments, code=code)
    assert list(Path().iterdir()) == []
