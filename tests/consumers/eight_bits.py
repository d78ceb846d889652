"""Measure onnxruntime's ways to eight bits, and write them into docs/exports.md.

Recipes' generators at full width, calibrated on inputs that are not those they are measured on.
"""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantType,
    quantize_dynamic,
    quantize_static,
)
from onnxruntime.quantization.preprocess import quant_pre_process
from page import write
from shipped import Shipped, shipped

from ganx.exporting.questions import question
from ganx_exports.onnx_format import load_onnx

RECIPES = ("sagan", "slots")
MEASURED, CALIBRATED = 64, 256
CONVOLUTIONS = ["Conv", "ConvTranspose"]
WEIGHTED = [*CONVOLUTIONS, "Gemm", "MatMul"]

Way = Callable[[Path, Path, Shipped], None]


class Calibration(CalibrationDataReader):  # type: ignore[misc]
    """Gives inputs that come after the measured ones."""

    def __init__(self, generator: Shipped) -> None:
        asked = question(generator.frozen, MEASURED + CALIBRATED)
        self.batches = iter(
            {"z": asked.z[i : i + MEASURED], "c": asked.c[i : i + MEASURED]}
            for i in range(MEASURED, MEASURED + CALIBRATED, MEASURED)
        )

    def get_next(self) -> dict[str, Any] | None:
        return next(self.batches, None)


def dynamic(**settings: Any) -> Way:
    def way(source: Path, target: Path, _generator: Shipped) -> None:
        quantize_dynamic(source, target, weight_type=QuantType.QInt8, **settings)

    return way


def static(activations: QuantType, operations: list[str]) -> Way:
    def way(source: Path, target: Path, generator: Shipped) -> None:
        quantize_static(
            source,
            target,
            Calibration(generator),
            per_channel=True,
            weight_type=QuantType.QInt8,
            activation_type=activations,
            op_types_to_quantize=operations,
            extra_options={"UseQDQContribOps": True},
        )

    return way


def weights_alone(source: Path, target: Path, _generator: Shipped) -> None:
    """Round weights as eight bits per channel would, and nothing else: what no way can be below."""
    model = onnx.load(source)
    weights = {one.name: one for one in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type in WEIGHTED and node.input[1] in weights:
            tensor = weights[node.input[1]]
            given = {one.name: helper.get_attribute_value(one) for one in node.attribute}
            array = numpy_helper.to_array(tensor)
            axis = 0 if node.op_type == "Conv" or given.get("transB") else array.ndim - 1
            axis = 1 if node.op_type == "ConvTranspose" else axis
            others = tuple(i for i in range(array.ndim) if i != axis)
            step = np.abs(array).max(axis=others, keepdims=True) / 127
            step[step == 0] = 1
            rounded = (np.round(array / step) * step).astype(np.float32)
            tensor.CopyFrom(numpy_helper.from_array(rounded, tensor.name))
    onnx.save(model, target)


WAYS: dict[str, Way] = {
    "`quantize_dynamic`, QInt8 (the default)": dynamic(),
    "the same per channel": dynamic(per_channel=True),
    "the same, `Conv` alone": dynamic(op_types_to_quantize=["Conv"]),
    "weights alone in 8 bits per channel": weights_alone,
    "`quantize_static`, QUInt8, all layers with weights": static(QuantType.QUInt8, WEIGHTED),
    "`quantize_static`, QUInt8, convolutions": static(QuantType.QUInt8, CONVOLUTIONS),
    "`quantize_static`, QUInt16, all layers with weights": static(QuantType.QUInt16, WEIGHTED),
    "`quantize_static`, QUInt16, convolutions": static(QuantType.QUInt16, CONVOLUTIONS),
}


def measured(file: Path, generator: Shipped) -> str:
    """Tell the largest and the mean difference in a batch, and by how much the batch matters."""
    generate = load_onnx(file)
    asked = question(generator.frozen, MEASURED)
    images = generate(asked.z, asked.c)
    alone = generate(asked.z[:1], asked.c[:1])
    differences = np.abs(images - generator.images(asked))
    batch = np.abs(alone[0] - images[0]).max()
    return f"{differences.max():.3f}, {differences.mean():.4f} | {batch:.4f}"


def rows() -> Iterator[str]:
    heads = " | ".join(f"size | `{name}`: largest, mean | by its batch" for name in RECIPES)
    yield f"| way | {heads} |"
    yield "|---" * (1 + 3 * len(RECIPES)) + "|"
    with TemporaryDirectory() as name:
        folder = Path(name)
        prepared = []
        for recipe in RECIPES:
            generator = shipped(recipe, narrow=False)
            file = generator.export(folder, {}, ".onnx")
            quant_pre_process(file, folder / f"{recipe}-prepared.onnx", skip_symbolic_shape=True)
            prepared.append((generator, folder / f"{recipe}-prepared.onnx", file.stat().st_size))
        for told, way in WAYS.items():
            cells = []
            for generator, source, size in prepared:
                target = folder / "way.onnx"
                way(source, target, generator)
                share = "" if way is weights_alone else f"{target.stat().st_size / size:.2f}"
                cells.append(f"{share} | {measured(target, generator)}")
            yield f"| {told} | {' | '.join(cells)} |"


def main() -> None:
    logging.disable(logging.CRITICAL)
    onnxruntime.set_default_logger_severity(3)
    lines = []
    for line in rows():
        print(line, flush=True)
        lines.append(line)
    write("int8", lines)


if __name__ == "__main__":
    main()
