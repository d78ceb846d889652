"""``ganx-runtime`` alone: its wheel, what it asks for, and nothing else make a grid.

By default the packages that it asks for are lent from this environment, so that nothing is loaded
from the network. With ``GANX_SLOW_TESTS=1`` a package installer fetches them.
"""

import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement
from PIL import Image
from small_onnx import write_small

from ganx_runtime import Generator

ROOT = Path(__file__).parents[2]
GRID = """
import importlib.util, sys
from importlib.metadata import entry_points
assert not [name for name in ("torch", "ganx", "onnx") if importlib.util.find_spec(name)]
(command,) = entry_points(group="console_scripts", name="ganx-run")
sys.exit(command.load()())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT / "exports" / "runtime", capture_output=True, check=True)
    (built,) = folder.glob("*.whl")
    return built


def needed(found: Distribution, seen: set[str]) -> Iterator[Distribution]:
    """Yield what a distribution asks for on this machine, and what that asks for."""
    for text in found.requires or ():
        one = Requirement(text)
        if one.name not in seen and (one.marker is None or one.marker.evaluate({"extra": ""})):
            seen.add(one.name)
            yield distribution(one.name)
            yield from needed(distribution(one.name), seen)


def lend(found: Distribution, folder: Path) -> None:
    """Link a distribution's packages into an environment."""
    tops = {Path(file).parts[0] for file in found.files or ()}
    for top in tops - {"..", "__pycache__"}:
        source = Path(str(found.locate_file(top)))
        if source.exists() and not (folder / top).exists():
            (folder / top).symlink_to(source)


def grid(python: Path, folder: Path) -> None:
    """Make a grid in an environment, and hold it to this one's."""
    model = write_small(folder / "model.onnx")
    words = [model, "--labels", "red cube, blue sphere", "-n", "4", "-o", "grid.png"]
    here = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run([python, "-I", "-c", GRID, *map(str, words)], cwd=folder, env=here, check=True)
    images = Generator.load(model, "cpu").sample("red cube, blue sphere", n=4)
    picture = np.array(Image.open(folder / "grid.png"))
    np.testing.assert_allclose(picture[-8 - 2 : -2, 2 : 2 + 8], images[2], atol=1)


def test_a_grid_needs_only_what_the_runtime_asks_for(tmp_path: Path, wheel: Path) -> None:
    environment = tmp_path / "venv"
    venv.create(environment)
    (packages,) = environment.glob("lib/python3*/site-packages")
    zipfile.ZipFile(wheel).extractall(packages)
    for one in needed(distribution("ganx-runtime"), set()):
        lend(one, packages)
    grid(environment / "bin" / "python", tmp_path)


@pytest.mark.skipif("GANX_SLOW_TESTS" not in os.environ, reason="GANX_SLOW_TESTS=1 allows it")
def test_a_fresh_installation_makes_a_grid(tmp_path: Path, wheel: Path) -> None:
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True)
    grid(python, tmp_path)
