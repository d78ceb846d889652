"""Generators as ONNX models: inputs ``z`` [B, Z] and ``c`` [B, K], output ``images``.

Shapes: images [B, C, H, W] in [-1, 1]; B is free. A model without condition has no input ``c``.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.frozen import FrozenGenerator, Generate
from ganx.errors import ExportError
from ganx.exporting.metadata import text_of
from ganx.exporting.preflight import check_frozen
from ganx.exporting.prepared import as_exported
from ganx.exporting.quiet import quiet
from ganx_exports.config import OnnxConfig
from ganx_exports.onnx_metadata import ONNX_KEY
from ganx_exports.opsets import MADE_IN
from ganx_exports.plain import simplify

if TYPE_CHECKING:
    import onnx

SOURCE_FIELDS = {"doc_string", "metadata_props"}
"""Fields of any part of a model in which the exporter leaves stack traces with source paths."""

ONLY_ERRORS = 3
"""onnxruntime's severity; its warnings about graphics cards it did not find go to the screen."""


def export_onnx(frozen: FrozenGenerator, path: Path, config: OnnxConfig) -> None:
    """Write a single-file ONNX model with the metadata inside.

    Raises ``ExportError`` if the generator is not frozen or uses what ONNX cannot express.
    """
    check_frozen(frozen)
    text = text_of(frozen.metadata)
    model = _translate(as_exported(frozen, config), config)
    strip_sources(model)
    model = simplify(model, config.opset)
    model.metadata_props.add(key=ONNX_KEY, value=text)
    _check_model(model)
    path.write_bytes(model.SerializeToString())


def _translate(frozen: FrozenGenerator, config: OnnxConfig) -> "onnx.ModelProto":
    """Capture the generator's graph and translate it."""
    import torch

    # A free batch of one would be taken for a constant.
    inputs = frozen.example_inputs(config.batch or 2)
    free = {} if config.batch else {0: torch.export.Dim("batch")}
    shapes = tuple(free for _ in inputs)
    try:
        with quiet(), torch.no_grad():
            return _translated(frozen.module, inputs, dynamic_shapes=shapes)
    except Exception as error:  # noqa: BLE001 - a stranger's forward may raise anything
        reason = error
    # The translation of PyTorch 2.9 fixes some batches in its own capture and not in a plain one.
    with suppress(Exception), quiet(), torch.no_grad():
        captured = torch.export.export(frozen.module, inputs, dynamic_shapes=shapes, strict=False)
        return _translated(captured, inputs)
    raise ExportError(
        f"PyTorch cannot export this generator to ONNX: {_reason(reason)}"
    ) from reason


def _translated(program: Any, inputs: tuple[Any, ...], **options: Any) -> "onnx.ModelProto":
    """Translate a module, or what was captured of it."""
    import torch

    translated = torch.onnx.export(
        program,
        inputs,
        dynamo=True,
        opset_version=MADE_IN,
        input_names=["z", "c"][: len(inputs)],
        output_names=["images"],
        verbose=False,
        **options,
    )
    assert translated is not None
    model: onnx.ModelProto = translated.model_proto
    return model


def _reason(error: BaseException) -> str:
    """Return the first line of the innermost cause, where the exporter says what it missed."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = str(error).strip().splitlines() or ["no reason was given"]
    return f"{type(error).__name__}: {lines[0]}"


def strip_sources(message: Any) -> None:
    """Empty doc strings and metadata of a protobuf message and of all that it contains."""
    for field, value in message.ListFields():
        if field.name in SOURCE_FIELDS:
            message.ClearField(field.name)
        elif field.message_type is not None:
            parts: Iterable[Any] = [value] if hasattr(value, "ListFields") else value
            for part in parts:
                strip_sources(part)


def _check_model(model: "onnx.ModelProto") -> None:
    import onnx

    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ExportError(f"The exported ONNX model is not valid: {_reason(error)}") from error


def load_onnx(path: Path) -> Generate:
    """Open an ONNX model on the CPU. Raises ``ExportError`` if onnxruntime refuses it."""
    # onnxruntime writes a telemetry id below the home folder unless told otherwise beforehand.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    onnxruntime.set_default_logger_severity(ONLY_ERRORS)
    try:
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ExportError(f"onnxruntime cannot open {path.name}: {_reason(error)}") from error

    def generate(z: NDArray[np.float32], c: NDArray[np.float32]) -> NDArray[Any]:
        feeds = {"z": z, "c": c} if c.shape[1] else {"z": z}
        images: NDArray[Any] = session.run(["images"], feeds)[0]
        return images

    return generate
