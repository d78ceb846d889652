"""The GPU benchmark as a whole, on a CPU: what it writes down, and what a kill leaves."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from gpu_results import FILE, MOST_BYTES, MOST_FILES
from gpu_tests import outcomes
from PIL import Image

TESTS = Path(__file__).parents[1]
BENCHMARKS = TESTS / "benchmarks"

TWO_TESTS = """
def test_good(): pass
def test_bad(): assert 1 == 2
"""

DRIVER = """
import argparse, sys, tempfile, time
from pathlib import Path
import gpu
from gpu_results import Results

if __name__ == "__main__":
    given = argparse.Namespace(seconds=300.0)
    results = Results(Path(sys.argv[1]), {})
    with gpu.ended_by_signals(), tempfile.TemporaryDirectory(dir=sys.argv[2]) as work:
        session = gpu.Session(given, results, work, time.monotonic())
        for name in ("broken", "fine", "hanging"):
            session.piece(["speed", name], f"pieces:{name}", session.ends("speed"))
"""


def without(folder: Path, *modules: str) -> dict[str, str]:
    """Make an environment in which modules cannot be imported."""
    for name in modules:
        (folder / f"{name}.py").write_text(f"raise ImportError('no {name} on this machine')")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, [folder, BENCHMARKS, TESTS / "support"])),
    }


def read(folder: Path) -> Any:
    return json.loads((folder / FILE).read_text())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run all of it once, tiny, as on a machine that lacks what plots and exports need.

    A tiny run ends by itself; the seconds are for machines with other work.
    """
    base = tmp_path_factory.mktemp("gpu")
    (base / "test_two.py").write_text(TWO_TESTS)
    options = ["--tiny", "--device", "cpu", "--recipes", "wgan-gp", "--seconds", "1200"]
    options += ["--tests", str(base / "test_two.py")]
    subprocess.run(
        [sys.executable, BENCHMARKS / "gpu.py", base / "out", *options],
        env=without(base, "onnx", "onnxruntime", "matplotlib", "scipy"),
        check=True,
        capture_output=True,
    )
    return base / "out"


def test_every_piece_has_its_figures(folder: Path) -> None:
    found = read(folder)

    assert found["complete"] is True
    assert found["machine"]["packages"]["torch"]
    assert found["machine"]["gpu"] is None or found["machine"]["driver"]
    assert found["tests"]["counts"] == {"passed": 1, "failed": 1}
    assert found["tests"]["red"][0].endswith("test_two.py::test_bad")
    assert list(found["speed"]) == list(found["training"]) == ["wgan-gp"]
    measured = found["speed"]["wgan-gp"]["variants"]
    assert list(measured) == ["float32 eager", "defaults, not compiled"]
    for one in measured.values():
        assert one["range"][0] <= one["images_per_second"] <= one["range"][1]
    trained = found["training"]["wgan-gp"]
    assert (trained["state"], trained["outcome"], trained["images_seen"]) == (
        "done",
        "finished",
        24,
    )
    assert trained["planned"]["train"]["images"] > 24
    assert 0 <= trained["scores"][-1]["validation.top-k"] <= 1
    assert trained["scores"][-1]["images_seen"] == 24


def test_the_files_are_a_record_and_a_grid_for_each_training(folder: Path) -> None:
    files = {path.name: path.stat().st_size for path in folder.iterdir()}

    assert set(files) == {FILE, "wgan-gp.png"}
    assert len(files) <= MOST_FILES
    assert max(files.values()) <= MOST_BYTES
    with Image.open(folder / read(folder)["training"]["wgan-gp"]["grid"]) as grid:
        assert grid.width > 8 * 32


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_kill_leaves_what_was_found_and_no_process(tmp_path: Path, end: signal.Signals) -> None:
    """And a piece that fails does not keep the next from its turn."""
    (tmp_path / "driver.py").write_text(DRIVER)
    (tmp_path / "work").mkdir()
    running = subprocess.Popen(
        [sys.executable, "-u", tmp_path / "driver.py", tmp_path / "out", tmp_path / "work"],
        env=without(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    for line in running.stdout:
        if line == "hanging\n":
            break
    running.send_signal(end)
    # The end of the output comes when the last process that could write to it is gone.
    running.communicate(timeout=60)

    found = read(tmp_path / "out")
    assert found["complete"] is False
    states = {name: one["state"] for name, one in found["speed"].items()}
    assert states == {"broken": "failed", "fine": "done", "hanging": "running"}
    assert found["speed"]["broken"]["error"].startswith("ValueError: no such kernel")
    assert found["speed"]["fine"]["answer"] == 6
    if end == signal.SIGTERM:
        assert list((tmp_path / "work").iterdir()) == []


def test_what_several_workers_say_of_tests_is_read_too() -> None:
    text = (
        "tests/cuda/test_cuda.py::test_a[on-float16] \n"
        "[gw1] [  4%] PASSED tests/cuda/test_cuda.py::test_a[on-float16] \n"
        "[gw0] [ 13%] FAILED tests/cuda/test_cuda.py::test_b \n"
        "[gw0] [100%] ERROR tests/cuda/test_cuda.py::test_c \n"
        "FAILED tests/cuda/test_cuda.py::test_b - assert 1 == 2\n"
    )

    found = outcomes(text)

    assert found["counts"] == {"passed": 1, "failed": 1, "error": 1}
    assert [name.strip()[-6:] for name in found["red"]] == ["test_b", "test_c"]
