"""``ganx export``, on runs whose generator is a test double."""

import json
import signal
from pathlib import Path
from typing import Any

import click
import pytest
import torch
from flat_generator import COLOURS, Call, Flat, flat, words
from torch import Tensor

from ganx.contracts.condition import UNCONDITIONAL
from ganx.errors import ConfigError, ExportError, GanxError, PluginError, RunError
from ganx.sampling import generator
from ganx_exports.onnx_metadata import read_onnx


def test_the_newest_run_is_exported_beside_itself_as_onnx(
    runs: Path, loads: list[dict[str, Any]], call: Call
) -> None:
    result = call()
    file = runs / "00001-tiny" / "exports" / "generator.onnx"
    assert result.exit_code == 0, result.output
    assert file.is_file()
    assert loads == [{"run": runs / "00001-tiny", "weights": "ema", "checkpoint": None}]
    assert f"onnx: {file}" in result.stdout
    assert "(batch 1)" in result.stdout
    assert "(batch 7)" in result.stdout
    assert "labels: another condition changes pixels by up to " in result.stdout


def test_the_printed_example_runs_as_it_stands(
    runs: Path, loads: list[dict[str, Any]], call: Call
) -> None:
    result = call("--format", "all", "-o", "out")
    assert len(loads) == 1
    assert runs.is_dir()
    blocks = [block for block in result.stdout.split("\n\n") if block.startswith("    import")]
    assert len(blocks) == 3
    for block in blocks:
        assert len(block.splitlines()) <= 7
        names: dict[str, Any] = {}
        exec(_silenced(block), names)  # noqa: S102 - the example is what is tested
        assert tuple(names["images"].shape) == (4, 3, 8, 8)


def _silenced(block: str) -> str:
    """Strip the indentation, and the notice that TorchScript is deprecated."""
    lines = [line.removeprefix("    ") for line in block.splitlines()]
    return "import warnings\nwarnings.simplefilter('ignore')\n" + "\n".join(lines)


def test_all_means_every_format_that_is_installed(
    runs: Path, loads: list[dict[str, Any]], call: Call
) -> None:
    assert call("00000-tiny", "--format", "all").exit_code == 0
    exported = sorted(path.name for path in (runs / "00000-tiny" / "exports").iterdir())
    assert exported == ["generator.onnx", "generator.pt", "generator.pt2"]
    assert [load["run"] for load in loads] == [runs / "00000-tiny"]


def test_weights_checkpoint_and_place_can_be_chosen(
    runs: Path, loads: list[dict[str, Any]], call: Call
) -> None:
    options = ("--format", "torchscript", "--weights", "raw", "--checkpoint", "640")
    assert call(*options, "-o", "own.pt").exit_code == 0
    assert Path("own.pt").is_file()
    assert loads == [{"run": runs / "00001-tiny", "weights": "raw", "checkpoint": 640}]


def test_a_model_without_condition_has_no_label_test(
    runs: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generator, "load_generator", lambda *_, **__: flat(UNCONDITIONAL))
    result = call("--format", "torchscript")
    assert runs.is_dir()
    assert "labels: none, the model is unconditional" in result.stdout


@pytest.mark.usefixtures("loads")
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("--format", "onx"), PluginError, "onnx"),
        (("00009-tiny",), RunError, "00009-tiny"),
        (("--runs", "elsewhere"), RunError, "elsewhere"),
    ],
)
def test_what_does_not_exist_is_named(
    arguments: tuple[str, ...],
    error: type[GanxError],
    message: str,
    runs: Path,
    call: Call,
) -> None:
    with pytest.raises(error, match=message):
        call(*arguments)
    assert not list(runs.glob("*/exports"))


def test_a_run_without_checkpoint_is_refused(runs: Path, call: Call) -> None:
    (runs / "00001-tiny" / "checkpoints" / "000000640").rmdir()
    with pytest.raises(RunError, match="has no checkpoint yet"):
        call()
    assert not list(runs.glob("*/exports"))


def test_an_ending_that_contradicts_the_format_is_refused(
    runs: Path, loads: list[dict[str, Any]], call: Call
) -> None:
    result = call("--format", "torchscript", "-o", "model.onnx")
    assert result.exit_code == click.UsageError.exit_code
    assert "torchscript files end in .pt, and model.onnx does not" in words(result.stderr)
    assert runs.is_dir()
    assert loads == []


def test_a_generator_that_ignores_its_condition_is_not_exported(
    runs: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ignores(Flat):
        def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
            return super().forward(z, None if c is None else torch.zeros_like(c))

    frozen = flat(COLOURS, Ignores())
    monkeypatch.setattr(generator, "load_generator", lambda *_, **__: frozen)
    with pytest.raises(ExportError, match="ignores its condition"):
        call("--format", "torchscript")
    assert not list(runs.glob("*/exports"))


def test_what_is_asked_for_is_in_the_file_and_in_its_name(
    runs: Path, loads: list[dict[str, Any]], call: Call
) -> None:
    result = call("--precision", "float16", "--output", "uint8", "--licence", "CC0-1.0")
    assert loads
    file = runs / "00001-tiny" / "exports" / "generator-float16-uint8.onnx"
    assert f"onnx: {file}" in result.stdout
    assert "[4, H, W, C] from 0 to 255" in result.stdout
    metadata = json.loads(read_onnx(file))
    assert metadata["licence"] == "CC0-1.0"
    assert metadata["file"]["precision"] == "float16"
    assert metadata["file"]["output"] == "uint8"


def test_a_setting_goes_to_the_formats_that_have_it(
    runs: Path, loads: list[dict[str, Any]], call: Call
) -> None:
    options = ("--format", "onnx", "--format", "torchscript")
    result = call(*options, "--batch", "3", "--set", "torchscript.precision=float16")
    assert loads
    names = sorted(path.name for path in (runs / "00001-tiny" / "exports").iterdir())
    assert names == ["generator-batch3.onnx", "generator-float16.pt"]
    assert "torchscript has no --batch and is written without." in result.stderr
    assert "(batch 3)" in result.stdout


@pytest.mark.usefixtures("loads")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--format", "torchscript", "--opset", "17"), "--opset is no setting of torchscript."),
        (("--output", "generator.onnx"), "Where the file goes is told by -o generator.onnx"),
        (("--output", "int8"), "is neither float nor uint8"),
    ],
)
def test_a_setting_that_nobody_has_is_refused(
    arguments: tuple[str, ...], message: str, runs: Path, call: Call
) -> None:
    result = call(*arguments)
    assert result.exit_code == click.UsageError.exit_code
    assert message in words(result.stderr)
    assert not list(runs.glob("*/exports"))


@pytest.mark.usefixtures("loads")
def test_an_unknown_setting_of_a_format_is_named(runs: Path, call: Call) -> None:
    with pytest.raises(ConfigError, match=r"Unknown setting 'onnx\.opst'"):
        call("--set", "onnx.opst=17")
    with pytest.raises(ConfigError, match=r"Write --set onnx\.KEY=VALUE"):
        call("--set", "opset=17")
    assert not list(runs.glob("*/exports"))


def test_a_signal_leaves_nothing_half_written(
    runs: Path, loads: list[dict[str, Any]], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any, **__: Any) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("ganx.exporting.publish.verify_file", killed)
    result = call("-o", "own.onnx")
    assert result.exit_code == 128 + signal.SIGTERM
    assert "Interrupted." in result.stderr
    assert loads
    assert [path.name for path in Path().iterdir()] == [runs.name]


def test_help_teaches_with_examples(call: Call) -> None:
    result = call("--help")
    assert result.exit_code == 0
    assert "ganx export --format torchscript" in result.stdout
    assert "the newest run is taken" in words(result.stdout)


def test_a_card_comes_with_the_files_and_tells_how_they_are_run(
    runs: Path, loads: list[dict[str, Any]], call: Call
) -> None:
    settings = '[model]\nname = "tiny"\n[dataset]\nname = "colours"\n'
    (runs / "00001-tiny" / "config.toml").write_text(settings, encoding="utf-8")
    result = call("--format", "all", "--card", "hub", "--licence", "MIT", "--no-distribution")
    assert result.exit_code == 0, result.output
    assert "card: hub" in result.stdout
    assert len(loads) == 1
    files = {"README.md", "config.json", "samples.png"}
    exported = {"generator.onnx", "generator.pt", "generator.pt2"}
    assert {one.name for one in Path("hub").iterdir()} == files | exported
    text = Path("hub/README.md").read_text(encoding="utf-8")
    assert "ganx-run generator.onnx --labels 'red, green' -n 16 --seed 0 -o grid.png" in text
    assert "session = ort.InferenceSession('generator.onnx'" in text
    assert text.count("It is a program") == 2
    assert 'license: "mit"' in text
    assert "scores it by `ganx evaluate`" in text


def test_a_folder_of_others_is_refused_before_anything_is_exported(
    runs: Path, loads: list[dict[str, Any]], call: Call
) -> None:
    Path("hub").mkdir()
    Path("hub/thesis.txt").touch()
    with pytest.raises(RunError, match=r"thesis\.txt"):
        call("--card", "hub")
    assert not loads
    assert not (runs / "00001-tiny" / "exports").exists()
