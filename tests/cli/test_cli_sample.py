"""``ganx sample``: pictures from a run, without its data set."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from small_run import SMALL

from ganx_cli.ending import run
from ganx_cli.main import cli

Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs, the newer of which is trained twice as far."""
    folder = tmp_path_factory.mktemp("sampled")
    out = ("--out", str(folder / "runs"))
    assert run(cli, ["train", *SMALL, *out, "--images", "8"]) == 0
    assert run(cli, ["train", *SMALL, *out, "--images", "16"]) == 0
    return folder


@pytest.fixture(autouse=True)
def _where_the_runs_are(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def pixels(*arguments: str) -> NDArray[np.uint8]:
    assert run(cli, ["sample", *arguments, "-o", "out.png"]) == 0
    with Image.open("out.png") as picture:
        return np.asarray(picture)


def same(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> bool:
    return first.shape == second.shape and bool((first == second).all())


def test_the_newest_run_is_meant_when_none_is_named(capsys: Output) -> None:
    newest = pixels()
    assert "from 00001-sagan-iclevr after 16 images seen, seed 0" in capsys.readouterr().out
    assert same(newest, pixels("00001-sagan-iclevr"))
    assert same(newest, pixels("runs/00001-sagan-iclevr"))
    assert not same(newest, pixels("00000-sagan-iclevr"))


def test_the_picture_is_grid_png_unless_another_is_named(capsys: Output) -> None:
    assert run(cli, ["sample", "-n", "4"]) == 0
    assert "grid.png: 4 images of conditions as in training" in capsys.readouterr().out
    with Image.open("grid.png") as picture:
        assert picture.size == (2 * 34 + 2, 2 * 34 + 2)


def test_no_plugin_of_the_data_set_is_needed(capsys: Output) -> None:
    assert run(cli, ["--block", "iclevr", "sample", "--labels", "red cube"]) == 0
    assert "of red cube" in capsys.readouterr().out


def test_a_seed_decides_the_noise() -> None:
    assert same(pixels("--seed", "3"), pixels("--seed", "3"))
    assert not same(pixels("--seed", "3"), pixels("--seed", "4"))


@pytest.mark.parametrize("labels", [(), ("--labels", "red cube")])
def test_the_first_images_of_a_seed_do_not_depend_on_how_many_follow(labels: tuple[str]) -> None:
    few, many = (pixels(*labels, "--seed", "3", "-n", count) for count in ("16", "64"))
    top = few.shape[0] - 4 * 34 - 2 if labels else 0
    row = (slice(top, top + 2 + 34), slice(0, 4 * 34))
    # Batches of another size may round otherwise.
    assert abs(few[row].astype(int) - many[row]).max() <= 1


def test_a_seed_of_more_than_64_bits_is_refused(capsys: Output) -> None:
    assert run(cli, ["sample", "--seed", str(2**64)]) == 1
    assert "A seed is a whole number from 0 to 18446744073709551615" in capsys.readouterr().err


def test_labels_decide_what_is_shown() -> None:
    red, blue = pixels("--labels", "red cube"), pixels("--labels", "blue cube")
    below = slice(-4 * 34, None)
    assert not same(red[below], blue[below])


def test_each_prompt_has_a_caption_and_a_row_of_its_own() -> None:
    one = pixels("--labels", "red cube", "-n", "3")
    two = pixels("--labels", "red cube", "--labels", "gray sphere", "-n", "3")
    row = 32 + 2 * 2
    caption = (two.shape[0] - 2 * row) // 2
    assert 8 <= caption <= 20
    assert two.shape[1] >= 3 * 34 + 2
    # A caption is black on white above its row.
    assert two[:caption].min() < 64
    assert two[:caption, -1].min() == 255
    assert not same(two[caption : caption + row], two[-row:])
    # The first row shows what the prompt alone shows, noise by noise, but for rounding.
    first = slice(caption, caption + row), slice(0, 2 * 34)
    assert np.abs(two[first].astype(int) - one[first]).max() <= 1


def test_many_images_of_one_prompt_wrap_into_rows() -> None:
    sheet = pixels("--labels", "red cube", "--labels", "blue cube", "-n", "20")
    assert sheet.shape[1] == 16 * 34 + 2


def test_a_long_prompt_is_shown_in_full() -> None:
    text = "red cube, blue sphere, gray cylinder, yellow cube, purple sphere"
    sheet = pixels("--labels", text, "-n", "1")
    assert sheet.shape[1] > 4 * 34


def test_raw_weights_are_not_the_averaged_ones() -> None:
    assert not same(pixels("--weights", "raw"), pixels("--weights", "ema"))


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_the_suffix_decides_the_format(suffix: str) -> None:
    assert run(cli, ["sample", "-n", "2", "-o", f"new/picture.{suffix}"]) == 0
    with Image.open(f"new/picture.{suffix}") as picture:
        assert picture.format == {"jpg": "JPEG"}.get(suffix, suffix.upper())
    assert not [path for path in Path("new").iterdir() if path.name.startswith(".")]
