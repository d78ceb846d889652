"""The exporters' entry module."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from ganx.contracts.condition import Condition, Group
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.specs import ExporterSpec
from ganx_exports.usage import usage

CHEAP = """
import sys
from ganx_exports.plugin import ganx_exporters
assert [spec.name for spec in ganx_exporters()] == ["onnx", "torchscript", "torch-export"]
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
    assert endings == {"onnx": ".onnx", "torchscript": ".pt", "torch-export": ".pt2"}


def test_the_example_draws_each_part_of_the_latent_and_one_value_of_each_attribute() -> None:
    latent = Latent(
        (
            LatentPart("noise", "uniform", 3),
            LatentPart("digit", "categorical", 4),
            LatentPart("style", "continuous", 2),
        )
    )
    groups = (Group("hair", ("pink", "blue")), Group("eyes", ("red", "green")))
    interface = Interface(8, 3, Condition("attributes", groups))
    frozen = FrozenGenerator(nn.Identity(), interface, latent, {})

    inputs = [
        line
        for line in usage("onnx", Path("generator.onnx"), frozen)
        if line.startswith(("z =", "c"))
    ]

    names: dict[str, Any] = {"np": np}
    exec("\n".join(inputs), names)  # noqa: S102 - the example is what is tested
    assert names["z"].shape == (4, 9)
    assert (names["z"][:, 3:7].sum(axis=1) == 1).all()
    assert (abs(names["z"][:, [0, 1, 2, 7, 8]]) <= 1).all()
    assert names["c"].tolist() == [[1, 0, 1, 0]] * 4
    assert inputs[2].endswith("# hair=pink, eyes=red")
