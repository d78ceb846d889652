"""The exporters' entry module."""

import subprocess
import sys

from ganx.specs import ExporterSpec

CHEAP = """
import sys
from ganx_exports.plugin import ganx_exporters
assert [spec.name for spec in ganx_exporters()] == ["onnx", "torchscript"]
heavy = {"torch", "onnx", "onnxruntime", "numpy"} & set(sys.modules)
assert not heavy, heavy
"""


def test_listing_the_formats_loads_no_framework() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHEAP], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_each_format_has_its_own_ending(exporters: dict[str, ExporterSpec]) -> None:
    endings = {name: exporter.suffix for name, exporter in exporters.items()}
    assert endings == {"onnx": ".onnx", "torchscript": ".pt"}
