"""``ganx-run``: what it writes, what it says, and how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from small_onnx import SIDE, metadata_of, model_of, write_small

from ganx.pictures.captions import prompt_picture
from ganx_runtime import Generator, GeneratorError, benchmark, command, pictures
from ganx_runtime.command import main


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_small(tmp_path / "model.onnx")


def run(*words: Any) -> int:
    return main([str(word) for word in words])


@pytest.mark.parametrize("texts", [[], ["red cube"], ["red cube, gray cone", "blue sphere"]])
@pytest.mark.parametrize("count", [1, 5, 18])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_has_the_pixels_that_ganx_gives_it(
    tmp_path: Path, texts: list[str], count: int, channels: int
) -> None:
    metadata = metadata_of()
    metadata["interface"]["channels"] = channels
    path = tmp_path / "model.onnx"
    path.write_bytes(model_of(metadata).SerializeToString())
    labels = [word for text in texts for word in ("--labels", text)]
    assert run(path, *labels, "-n", count, "--seed", 3, "-o", tmp_path / "a" / "g.png") == 0
    generator = Generator.load(path, "cpu")
    images = generator.images(*generator.inputs(texts or None, count, 3))
    theirs = prompt_picture(torch.from_numpy(images), texts)
    ours = Image.open(tmp_path / "a" / "g.png")
    assert ours.mode == theirs.mode
    np.testing.assert_array_equal(np.array(ours), np.array(theirs))


def test_letters_without_a_font_are_told_as_well_as_can_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    truetype = pictures.ImageFont.truetype

    def only_its_own(font: Any, *rest: Any, **options: Any) -> Any:
        if isinstance(font, str):
            raise OSError
        return truetype(font, *rest, **options)

    monkeypatch.setattr(pictures.ImageFont, "truetype", only_its_own)
    assert pictures._drawable("café 猫")[0] == "cafe ?"
    assert pictures.caption("café").size == pictures.caption("cafe").size


def test_a_folder_gets_one_numbered_picture_for_each_image(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--labels", "red cube", "--labels", "gray cone", "-n", 3, "--batch", 2)
    assert run(model, *words, "-o", f"{tmp_path}/new/") == 0
    written = sorted((tmp_path / "new").iterdir())
    assert [one.name for one in written] == [f"{number:06d}.png" for number in range(6)]
    images = Generator.load(model, "cpu").sample(["red cube", "gray cone"], n=3)
    np.testing.assert_array_equal(np.stack([np.array(Image.open(one)) for one in written]), images)
    capsys.readouterr()
    assert run(model, "-n", 1, "-o", tmp_path / "new") == 0
    assert f"{tmp_path}/new/: 1 pictures from 000000.png on" in capsys.readouterr().out


def test_it_says_on_standard_error_what_runs_the_file(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(model, "--provider", "cpu", "-n", 2, "--seed", 7, "-o", tmp_path / "g.png")
    said = capsys.readouterr()
    assert said.err == "provider: cpu\n"
    assert said.out == f"{tmp_path / 'g.png'}: 2 images, seed 7\n"


def test_auto_says_why_it_took_the_cpu(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(model, "-n", 2, "-o", tmp_path / "g.png")
    said = capsys.readouterr().err
    assert said.startswith(("provider: cpu (no cuda: ", "provider: cuda"))


def test_info_tells_what_the_file_says_and_opens_nothing(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = model_of(metadata_of())
    broken.graph.node[0].op_type = "Unheard"
    path = tmp_path / "broken.onnx"
    path.write_bytes(broken.SerializeToString())
    assert run(path, "--info") == 0
    told = capsys.readouterr().out
    for part in (
        f"{SIDE} pixels, 3 channels",
        "noise (normal, 6)",
        "labels, 4 values, at most 3 at once",
        "red cube, blue cube, blue sphere, gray cone",
        "100 training images",
        "00003-small-shapes after 50000 images seen, weights ema",
        "not recorded",
    ):
        assert part in told
    found = {"against": "eager float32", "batches": [1, 7], "largest_difference": 3e-06}
    verified = {**metadata_of(), "verification": {**found, "equal_levels": 0.9999, "levels_off": 1}}
    path.write_bytes(model_of(verified).SerializeToString())
    assert run(path, "--info") == 0
    told = capsys.readouterr().out
    assert "against eager float32 at batches [1, 7]: off by at most 3e-06; 0.9999 of pixels" in told
    assert run(model, "--show") == 0


@pytest.mark.parametrize("batch", [None, 3])
def test_the_benchmark_measures_the_sizes_that_the_file_takes(
    tmp_path: Path,
    batch: int | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(benchmark, "LEAST_SECONDS", 0.0)
    monkeypatch.chdir(tmp_path)
    path = write_small(tmp_path / "model.onnx", batch=batch)
    assert run(path, "--benchmark", "--provider", "cpu") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"provider cpu, {SIDE} pixels"
    sizes = [int(line.split(":")[0].removeprefix("batch")) for line in lines[1:]]
    assert sizes == ([batch] if batch else [1, 64])
    assert all("images/s" in line for line in lines[1:])
    assert [one.name for one in tmp_path.iterdir()] == ["model.onnx"]


def test_a_benchmark_of_a_file_without_distribution_asks_for_its_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benchmark, "LEAST_SECONDS", 0.0)
    metadata = metadata_of()
    del metadata["distribution"]
    path = tmp_path / "model.onnx"
    path.write_bytes(model_of(metadata).SerializeToString())
    assert run(path, "--benchmark") == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--labels", "red cub"], "Did you mean 'red cube'"),
        (["--seed", "-1"], "The seed is -1"),
        (["-n", "5000"], "Write them into a folder: -o grid/"),
        (["-o", "grid.txt"], "Cannot tell a picture format"),
        (["-o", "model.onnx/grid.png"], "Cannot write"),
    ],
)
def test_what_cannot_be_done_is_told_without_a_traceback_and_writes_nothing(
    model: Path,
    words: list[str],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(model.parent)
    assert run(model, "--provider", "cpu", *words) == 1
    said = capsys.readouterr().err
    assert told in said
    assert said.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in said
    assert [one.name for one in model.parent.iterdir()] == ["model.onnx"]


@pytest.mark.parametrize(
    "words", [["-n", "0"], ["-n", "x"], ["--provider", "gpu"], ["--batch", "0"]]
)
def test_an_option_out_of_range_is_refused(
    model: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(model, *words)
    assert ended.value.code == 2
    assert words[0] in capsys.readouterr().err


def test_ctrl_c_ends_it_without_a_traceback(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_run", stopped)
    assert run(model) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_a_picture_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "old.webp"
    path.write_bytes(b"old")
    wide = Image.new("RGB", (20_000, 1))  # WebP has at most 16,383 pixels
    with pytest.raises(GeneratorError, match="Choose another place or format"):
        pictures.save(wide, path)
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["old.webp"]


@pytest.mark.parametrize("provider", ["auto", "cpu"])
def test_nothing_but_the_picture_is_written(model: Path, tmp_path: Path, provider: str) -> None:
    """onnxruntime would leave an identity for its telemetry below the home folder."""
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    here = {"HOME": str(home), "TMPDIR": str(home), "PATH": os.environ["PATH"]}
    code = "from ganx_runtime.command import main; raise SystemExit(main())"
    words = [sys.executable, "-B", "-c", code, model, "--provider", provider]
    ended = subprocess.run(words, cwd=work, env=here, capture_output=True, check=True)
    assert ended.stdout == b"grid.png: 16 images, seed 0\n"
    assert list(home.rglob("*")) == []
    assert list(work.rglob("*")) == [work / "grid.png"]


def test_importing_it_loads_no_onnxruntime_and_takes_no_time() -> None:
    code = (
        "import sys, time, numpy; start = time.process_time(); import ganx_runtime;"
        "took = time.process_time() - start;"
        "heavy = {'onnxruntime', 'PIL', 'tqdm', 'torch', 'ganx', 'onnx'} & set(sys.modules);"
        "import json; print(json.dumps([took, sorted(heavy)]))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    took, heavy = json.loads(said.stdout)
    assert heavy == []
    assert took < 0.5
