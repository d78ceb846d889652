"""Small files for the runtime's tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_onnx import write_small

from ganx_runtime import Generator

Load = Callable[..., Generator]


@pytest.fixture
def small(tmp_path: Path) -> Load:
    """Load a small file of a kind of condition on the CPU; keywords are of its part ``file``."""

    def load(kind: str = "labels", **file: Any) -> Generator:
        return Generator.load(write_small(tmp_path / f"{kind}.onnx", kind, **file), "cpu")

    return load
