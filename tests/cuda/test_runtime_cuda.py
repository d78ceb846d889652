"""``ganx-runtime`` on a GPU: the pixels of the CPU, with buffers that stay and captured graphs."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="files are made with onnx")
pytest.importorskip("onnxruntime", reason="files are run by onnxruntime")

from small_onnx import write_small

from ganx_runtime import Generator


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = write_small(tmp_path / "model.onnx")
    why_not = Generator.load(path).why_not_cuda
    if why_not:
        pytest.skip(f"needs onnxruntime's CUDA: {why_not}")
    return path


@pytest.mark.parametrize("provider", ["cuda", "auto"])
def test_pixels_are_those_of_the_cpu_however_often_a_size_comes(model: Path, provider: str) -> None:
    gpu, cpu = Generator.load(model, provider), Generator.load(model, "cpu")
    assert gpu.provider == "cuda"
    assert gpu._opened.graphs
    for seed in range(4):
        for count in (1, 64, 70):
            ours = gpu.sample("red cube", n=count, seed=seed).astype(int)
            assert np.abs(ours - cpu.sample("red cube", n=count, seed=seed)).max() <= 1
