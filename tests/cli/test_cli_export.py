"""``ganx export``, on runs whose generator is a test double."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
import torch
from click.testing import CliRunner, Result
from torch import Tensor, nn

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.errors import ExportError, GanxError, PluginError, RunError
from ganx.host.registry import Offer, ProviderInfo, Registry
from ganx.sampling import generator
from ganx.version import __version__
from ganx_cli.commands.export import export
from ganx_cli.state import AppState
from ganx_exports.plugin import ganx_exporters

Call = Callable[..., Result]

COLOURS = Condition("labels", (Group("colour", ("red", "green", "blue")),))


class Flat(nn.Module):
    """Paints one colour."""

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        brightness = 1.0 if c is None else (1 + c) / 2
        return (torch.tanh(z[:, :3]) * brightness)[:, :, None, None].repeat(1, 1, 8, 8)


def words(text: str) -> str:
    """Undo the wrapping of lines."""
    return " ".join(text.split())


def flat(condition: Condition, module: nn.Module | None = None) -> FrozenGenerator:
    interface = Interface(8, 3, condition)
    latent = Latent((LatentPart("noise", "normal", 4),))
    metadata = {"interface": interface.to_json(), "latent": latent.to_json()}
    return FrozenGenerator((module or Flat()).eval(), interface, latent, metadata)


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two runs in the usual place below the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("00000-tiny", "00001-tiny"):
        (tmp_path / "runs" / name / "checkpoints" / "000000640").mkdir(parents=True)
        (tmp_path / "runs" / name / "config.toml").touch()
    return Path("runs")


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Replace the engine's loading, and keep what it was asked for."""
    asked: list[dict[str, Any]] = []

    def load(run: Path, weights: str, _runs: Path, **rest: Any) -> FrozenGenerator:
        asked.append({"run": run, "weights": weights, "checkpoint": rest["checkpoint"]})
        return flat(COLOURS)

    monkeypatch.setattr(generator, "load_generator", load)
    return asked


@pytest.fixture
def call() -> Call:
    """Call the command with ganx's own exporters, raising what it raises."""
    state = AppState()
    own = ProviderInfo("exports", "ganx", __version__)
    known = Registry("exporter", {spec.name: [Offer(spec, own)] for spec in ganx_exporters()})
    state.__dict__["host"] = SimpleNamespace(exporters=known)

    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(export, arguments, obj=state)
        if isinstance(result.exception, GanxError):
            raise result.exception
        return result

    return invoke


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
        assert len(block.splitlines()) <= 6
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


def test_help_teaches_with_examples(call: Call) -> None:
    result = call("--help")
    assert result.exit_code == 0
    assert "ganx export --format torchscript" in result.stdout
    assert "the newest run is taken" in words(result.stdout)
