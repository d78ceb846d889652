"""Runs whose generator is a test double, and ``ganx export`` called on them."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flat_generator import COLOURS, Call, flat

from ganx.contracts.frozen import FrozenGenerator
from ganx.errors import GanxError
from ganx.host.registry import Offer, ProviderInfo, Registry
from ganx.sampling import generator
from ganx.version import __version__
from ganx_cli.commands.export import export
from ganx_cli.state import AppState
from ganx_exports.plugin import ganx_exporters


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
        frozen = flat(COLOURS)
        model = {"name": "flat"}
        origin = {"run": run.name, "weights": weights, "images_seen": 640, "model": model}
        return replace(frozen, metadata={**frozen.metadata, "origin": origin})

    monkeypatch.setattr(generator, "load_generator", load)
    return asked


@pytest.fixture
def call() -> Call:
    """Call the command with ganx's own exporters, raising what it raises."""
    state = AppState()
    own = ProviderInfo("exports", "ganx", __version__)
    known = Registry("exporter", {spec.name: [Offer(spec, own)] for spec in ganx_exporters()})
    state.__dict__["host"] = SimpleNamespace(exporters=known, evaluators={})

    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(export, arguments, obj=state)
        if isinstance(result.exception, GanxError):
            raise result.exception
        return result

    return invoke
