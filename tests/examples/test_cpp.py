"""The example in C++: built where there are tools for it, it draws what PyTorch draws.

It takes about 20 seconds of compiling. ``ONNXRUNTIME_DIR`` names the folder of a release of
onnxruntime, with its headers, to have the other half built and held to the same.
"""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.networks import generate
from ganx.exporting.publish import publish
from ganx.pictures.grid import to_uint8
from ganx.sampling.drawing import draw_latents
from ganx_exports.plugin import ganx_exporters

EXAMPLE = Path(__file__).parents[2] / "examples" / "cpp"
TORCH = Path(torch.__file__).parent
ONNXRUNTIME = os.environ.get("ONNXRUNTIME_DIR", "")
COLOURS = Condition("labels", (Group("colour", ("red", "green", "blue")),))
EXPORTERS = {spec.name: spec for spec in ganx_exporters()}
BATCH, SEED = 5, 2**33 + 3  # a seed that needs both of its halves

TOOLS = pytest.mark.skipif(
    not (shutil.which("cmake") and any(map(shutil.which, ("c++", "g++", "clang++", "cl")))),
    reason="needs cmake and a C++ compiler",
)
HEADERS = pytest.mark.skipif(not ONNXRUNTIME, reason="needs ONNXRUNTIME_DIR, with its headers")

pytestmark = TOOLS


class Small(nn.Module):
    """Makes colour images of 8 rows and 8 columns."""

    def __init__(self, conditions: int) -> None:
        super().__init__()
        self.project = nn.Linear(7 + conditions, 8 * 4 * 4)
        self.image = nn.ConvTranspose2d(8, 3, 4, 2, 1)

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        inputs = z if c is None else torch.cat((z, c), dim=1)
        return torch.tanh(3 * self.image(self.project(inputs).view(-1, 8, 4, 4).relu()))


def frozen(condition: Condition) -> FrozenGenerator:
    torch.manual_seed(0)
    interface = Interface(8, 3, condition)
    latent = Latent((LatentPart("noise", "normal", 7),))
    metadata = {"interface": interface.to_json(), "latent": latent.to_json()}
    module = Small(condition.size).eval().requires_grad_(requires_grad=False)
    return FrozenGenerator(module, interface, latent, metadata)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example; no file of the CUDA toolkit may be needed for it."""
    folder = tmp_path_factory.mktemp("build")
    without = {key: value for key, value in os.environ.items() if not key.startswith("CUDA")}
    options = [f"-DTORCH_DIR={TORCH}", f"-DONNXRUNTIME_DIR={ONNXRUNTIME}"]
    for command in (
        ["cmake", "-S", str(EXAMPLE), "-B", str(folder), *options],
        ["cmake", "--build", str(folder), "--parallel", "2", "--config", "Release"],
    ):
        done = subprocess.run(command, env=without, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    built = shutil.which("generate", path=os.pathsep.join((str(folder), str(folder / "Release"))))
    assert built
    return Path(built)


def run(program: Path, folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(program), *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def eager(generator: FrozenGenerator, labels: str) -> Tensor:
    z = torch.from_numpy(draw_latents(generator.latent, SEED, range(BATCH)))
    c = torch.tensor([generator.interface.condition.encode(labels)] * BATCH)
    with torch.no_grad():
        return generate(generator.module, z, c)


def written(folder: Path) -> NDArray[np.float32]:
    return np.fromfile(folder / "images.f32", np.float32).reshape(BATCH, 3, 8, 8)


@pytest.mark.parametrize(
    ("condition", "labels", "told"),
    [(COLOURS, "red, blue", (3, 0, 2)), (UNCONDITIONAL, "", ())],
    ids=["labels", "none"],
)
@pytest.mark.parametrize("name", ["torchscript", pytest.param("onnx", marks=HEADERS)])
def test_it_draws_the_images_of_a_seed(
    program: Path,
    tmp_path: Path,
    name: str,
    condition: Condition,
    labels: str,
    told: tuple[int, ...],
) -> None:
    generator = frozen(condition)
    exporter = EXPORTERS[name]
    file = tmp_path / f"generator{exporter.suffix}"
    publish(generator, exporter, file)
    done = run(program, tmp_path, file, BATCH, SEED, 7, *told)
    assert done.returncode == 0, done.stderr
    expected = eager(generator, labels)
    assert np.abs(written(tmp_path) - expected.numpy()).max() < 1e-5
    with Image.open(tmp_path / "images.ppm") as picture:
        column = np.asarray(picture).reshape(BATCH, 8, 8, 3).astype(int)
    levels = to_uint8(expected).permute(0, 2, 3, 1).numpy().astype(int)
    assert np.abs(column - levels).max() <= 1


def test_what_it_cannot_do_is_said(program: Path, tmp_path: Path) -> None:
    missing = run(program, tmp_path, "no.pt", 1, 0, 7)
    assert missing.returncode == 1
    assert "no.pt" in missing.stderr
    assert "Usage" in run(program, tmp_path).stderr
    assert "ENTRY" in run(program, tmp_path, "no.pt", 1, 0, 7, 3, 3).stderr
    assert not list(tmp_path.iterdir())
