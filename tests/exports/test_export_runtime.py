"""What ganx exports, ``ganx-runtime`` draws as ``ganx sample`` does, from the file alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.specs import ExporterSpec
from ganx.exporting.metadata import Told
from ganx.exporting.publish import publish
from ganx.pictures.grid import to_uint8
from ganx.sampling.samples import sample_images
from ganx_exports.config import OnnxConfig
from ganx_runtime import Generator, GeneratorError

TEXTS = ["red", "green, blue"]
FORMS = {
    "as it comes": (OnnxConfig(), 1),
    "levels": (OnnxConfig(output="uint8"), 1),
    "float16": (OnnxConfig(precision="float16", output="uint8"), 3),
    "a fixed batch": (OnnxConfig(batch=3), 1),
}


def trained(frozen: FrozenGenerator) -> FrozenGenerator:
    """Say what it was trained on: some combinations of many images, and some of few."""
    rows = np.repeat(np.eye(3, dtype=np.uint8), [30, 12, 4], axis=0)
    both = np.array([[1, 1, 0]] * 5 + [[0, 1, 1]] * 2, np.uint8)
    distribution = ConditionDistribution.of(np.concatenate([rows, both])).to_json()
    return replace(frozen, metadata={**frozen.metadata, "distribution": distribution})


def as_ganx(frozen: FrozenGenerator, texts: list[str], count: int) -> NDArray[np.int64]:
    """Draw pixels [N, H, W, C] as ``ganx sample`` does."""
    images = to_uint8(sample_images(frozen, texts, count, seed=3))
    return images.permute(0, 2, 3, 1).numpy().astype(np.int64)


@pytest.mark.parametrize("form", FORMS)
def test_pixels_are_those_of_the_run(
    conditional: FrozenGenerator, exporters: dict[str, ExporterSpec], tmp_path: Path, form: str
) -> None:
    config, levels = FORMS[form]
    frozen, path = trained(conditional), tmp_path / "model.onnx"
    publish(frozen, exporters["onnx"], path, config=config)
    generator = Generator.load(path, "cpu")
    assert generator.vocabulary == {"colour": ("red", "green", "blue")}
    for texts, count in (([], 80), (TEXTS, 7)):
        drawn = generator.sample(texts or None, count, seed=3).astype(np.int64)
        assert abs(drawn - as_ganx(frozen, texts, count)).max() <= levels


def test_a_file_without_distribution_asks_for_labels(
    conditional: FrozenGenerator, exporters: dict[str, ExporterSpec], tmp_path: Path
) -> None:
    path, told = tmp_path / "model.onnx", Told(distribution=False)
    publish(trained(conditional), exporters["onnx"], path, told=told)
    generator = Generator.load(path, "cpu")
    with pytest.raises(GeneratorError, match="say what to show"):
        generator.sample()
    assert len(generator.sample(generator.example, n=2)) == 2


def test_a_generator_without_condition_is_drawn_from(
    unconditional: FrozenGenerator, exporters: dict[str, ExporterSpec], tmp_path: Path
) -> None:
    path = tmp_path / "model.onnx"
    publish(unconditional, exporters["onnx"], path)
    drawn = Generator.load(path, "cpu").sample(n=5, seed=3).astype(np.int64)
    assert abs(drawn - as_ganx(unconditional, [], 5)).max() <= 1
