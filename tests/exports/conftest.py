"""Small hand-made generators that the export tests share."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import parametrizations, parametrize

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.specs import ExporterSpec
from ganx.exporting.publish import ExportReport, publish
from ganx_exports.plugin import ganx_exporters

COLOURS = Condition("labels", (Group("colour", ("red", "green", "blue")),))
LATENT = Latent((LatentPart("noise", "normal", 6),))


class TinyGenerator(nn.Module):
    """Transposed convolutions, BatchNorm, attention and spectral norm, to 8x8 images."""

    def __init__(self, conditions: int) -> None:
        super().__init__()
        self.project = parametrizations.spectral_norm(nn.Linear(6 + conditions, 8 * 4 * 4))
        self.norm = nn.BatchNorm2d(8)
        self.query = nn.Conv2d(8, 8, 1)
        self.image = nn.ConvTranspose2d(8, 3, 4, 2, 1)

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        inputs = z if c is None else torch.cat((z, c), dim=1)
        features = self.norm(self.project(inputs).view(-1, 8, 4, 4)).relu()
        return torch.tanh(self.image(features + self.attend(features)))

    def attend(self, features: Tensor) -> Tensor:
        query = self.query(features).flatten(2).transpose(1, 2)[:, None]
        value = features.flatten(2).transpose(1, 2)[:, None]
        attended = functional.scaled_dot_product_attention(query, query, value)
        return attended.squeeze(1).transpose(1, 2).reshape(features.shape)


def baked(generator: nn.Module) -> nn.Module:
    """Give BatchNorm statistics of its own, and bake the spectral norm in."""
    for module in generator.eval().modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(std=0.1)
            module.running_var.uniform_(0.01, 0.02)
        if parametrize.is_parametrized(module):
            parametrize.remove_parametrizations(module, "weight", leave_parametrized=True)
    return generator


def freeze(module: nn.Module, condition: Condition) -> FrozenGenerator:
    """Describe a generator of 8x8 colour images."""
    interface = Interface(8, 3, condition)
    metadata = {
        "interface": interface.to_json(),
        "latent": LATENT.to_json(),
        "origin": {"run": "00003-tiny", "images_seen": 640, "share": 0.25, "note": "häßlich"},
    }
    return FrozenGenerator(module, interface, LATENT, metadata)


@pytest.fixture
def conditional() -> FrozenGenerator:
    return _conditional()


def _conditional() -> FrozenGenerator:
    torch.manual_seed(0)
    return freeze(baked(TinyGenerator(3)), COLOURS)


@pytest.fixture
def unconditional() -> FrozenGenerator:
    return freeze(baked(TinyGenerator(0)), UNCONDITIONAL)


@pytest.fixture
def frozen_as() -> Callable[[nn.Module], FrozenGenerator]:
    """Freeze a module of one's own, conditional on three colours."""
    return lambda module: freeze(module, COLOURS)


@pytest.fixture(scope="session")
def exporters() -> dict[str, ExporterSpec]:
    return {exporter.name: exporter for exporter in ganx_exporters()}


@pytest.fixture(scope="session", params=["onnx", "torchscript", "torch-export"])
def exporter(request: pytest.FixtureRequest, exporters: dict[str, ExporterSpec]) -> ExporterSpec:
    return exporters[request.param]


@pytest.fixture(scope="session")
def published(exporter: ExporterSpec, tmp_path_factory: pytest.TempPathFactory) -> ExportReport:
    """Publish the generator of ``conditional`` once for all tests that only read the file."""
    folder = tmp_path_factory.mktemp(exporter.name)
    return publish(_conditional(), exporter, folder / "new" / f"generator{exporter.suffix}")


@pytest.fixture(scope="session")
def onnx_file(exporters: dict[str, ExporterSpec], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Export the generator of ``conditional`` once to ONNX."""
    path = tmp_path_factory.mktemp("file") / "generator.onnx"
    exporters["onnx"].write(_conditional(), path, None)
    return path
