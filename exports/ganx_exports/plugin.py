"""The entry module of ganx's exporters; imports neither torch nor onnx until one is used."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ganx import hookimpl
from ganx.contracts.specs import ExporterSpec
from ganx_exports.config import OnnxConfig, TorchExportConfig, TorchScriptConfig

if TYPE_CHECKING:
    from ganx.contracts.frozen import FrozenGenerator, Generate


def _export_onnx(frozen: "FrozenGenerator", path: Path, config: OnnxConfig) -> None:
    from ganx_exports.onnx_format import export_onnx

    export_onnx(frozen, path, config)


def _load_onnx(path: Path) -> "Generate":
    """Open an ONNX file with onnxruntime."""
    from ganx_exports.onnx_format import load_onnx

    return load_onnx(path)


def _read_onnx(path: Path) -> str:
    from ganx_exports.onnx_metadata import read_onnx

    return read_onnx(path)


def _annotate_onnx(path: Path, text: str) -> None:
    from ganx_exports.onnx_metadata import annotate_onnx

    annotate_onnx(path, text)


def _export_torchscript(frozen: "FrozenGenerator", path: Path, config: TorchScriptConfig) -> None:
    from ganx_exports.torchscript_format import export_torchscript

    export_torchscript(frozen, path, config)


def _load_torchscript(path: Path) -> "Generate":
    """Open a TorchScript archive with torch.jit."""
    from ganx_exports.torchscript_format import load_torchscript

    return load_torchscript(path)


def _export_program(frozen: "FrozenGenerator", path: Path, config: TorchExportConfig) -> None:
    from ganx_exports.torch_export_format import export_program

    export_program(frozen, path, config)


def _load_program(path: Path) -> "Generate":
    """Open a program with torch.export."""
    from ganx_exports.torch_export_format import load_program

    return load_program(path)


def _read_archive(path: Path) -> str:
    from ganx.exporting.archives import read_archive

    return read_archive(path)


def _annotate_archive(path: Path, text: str) -> None:
    from ganx_exports.archive import annotate_archive

    annotate_archive(path, text)


@hookimpl
def ganx_exporters() -> Iterator[ExporterSpec]:
    """Provide ``onnx``, ``torchscript`` and ``torch-export``."""
    yield ExporterSpec(
        name="onnx",
        summary="ONNX, opset 18: runs in onnxruntime without PyTorch, on any batch size",
        suffix=".onnx",
        export=_export_onnx,
        load=_load_onnx,
        config=OnnxConfig,
        read=_read_onnx,
        annotate=_annotate_onnx,
        alone=Path(__file__).with_name("onnx_alone.py"),
    )
    yield ExporterSpec(
        name="torchscript",
        summary="TorchScript: runs in PyTorch and LibTorch (C++) without ganx",
        suffix=".pt",
        export=_export_torchscript,
        load=_load_torchscript,
        config=TorchScriptConfig,
        read=_read_archive,
        annotate=_annotate_archive,
        program=True,
    )
    yield ExporterSpec(
        name="torch-export",
        summary="torch.export: a graph for PyTorch 2.9 or newer and its compilers, without ganx",
        suffix=".pt2",
        export=_export_program,
        load=_load_program,
        config=TorchExportConfig,
        read=_read_archive,
        annotate=_annotate_archive,
        program=True,
    )
