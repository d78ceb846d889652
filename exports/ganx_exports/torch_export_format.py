"""Generators as programs of ``torch.export``: ``torch.export.load(path).module()(z, c)``.

Shapes: z [B, Z], c [B, K], images [B, C, H, W] in [-1, 1]; B is free. A model without condition
takes z alone.
"""

from copy import deepcopy
from io import BytesIO
from pathlib import Path

import torch

from ganx.contracts.export_config import ExportConfig
from ganx.contracts.frozen import FrozenGenerator, Generate
from ganx.errors import ExportError
from ganx.exporting.metadata import ARCHIVE_NAME, text_of
from ganx.exporting.preflight import check_frozen
from ganx.exporting.prepared import as_exported
from ganx.exporting.quiet import quiet
from ganx_exports.archive import aligned
from ganx_exports.torch_call import called

SOURCES = ("stack_trace", "nn_module_stack", "source_fn_stack", "torch_fn", "from_node", "custom")
"""What a node says of the Python from which it came."""

METADATA_CHECK = "aten._assert_tensor_metadata.default"
"""A node that checks a tensor's type and device."""


def export_program(frozen: FrozenGenerator, path: Path, config: ExportConfig) -> None:
    """Write a program with a dynamic batch and the metadata as an extra file, ``ganx.json``.

    Raises ``ExportError`` if the generator is not frozen or PyTorch cannot capture it.
    """
    check_frozen(frozen)
    text = text_of(frozen.metadata)
    program = _captured(as_exported(frozen, config))
    buffer = BytesIO()
    # Saved to memory, the archive is not named after a temporary file.
    with quiet():
        torch.export.save(program, buffer, extra_files={ARCHIVE_NAME: text})
    path.write_bytes(aligned(buffer.getvalue()))


def _captured(frozen: FrozenGenerator) -> torch.export.ExportedProgram:
    """Capture the generator's graph on a batch of two, without where it was written."""
    # A batch of one would be taken for a constant.
    inputs = frozen.example_inputs(2)
    batch = torch.export.Dim("batch")
    # What is loaded needs no gradient.
    module = deepcopy(frozen.module).requires_grad_(False)
    shapes = tuple({0: batch} for _ in inputs)
    try:
        with quiet(), torch.no_grad():
            program = torch.export.export(module, inputs, dynamic_shapes=shapes, strict=False)
    except Exception as error:
        # A stranger's forward may raise anything.
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ExportError(f"PyTorch cannot export this generator as a program: {reason}") from error
    for module in program.graph_module.modules():
        if isinstance(module, torch.fx.GraphModule):
            _simplify(module)
    return program


def _simplify(module: torch.fx.GraphModule) -> None:
    """Take out of a graph what names Python files, and what ties it to the CPU and to float32."""
    for node in list(module.graph.nodes):
        for key in SOURCES:
            node.meta.pop(key, None)
        # Each ``x.float()`` leaves a check that x is where it was when it was captured.
        if str(node.target) == METADATA_CHECK:
            module.graph.erase_node(node)
    module.recompile()


def load_program(path: Path) -> Generate:
    """Open a program on the CPU. Raises ``ExportError`` if PyTorch refuses it.

    Such files are programs: open only those from people you trust.
    """
    try:
        with quiet():
            module = torch.export.load(path).module()
    except Exception as error:
        # PyTorch raises what its parsers raise.
        reason = (str(error).strip().splitlines() or ["no reason was given"])[0]
        raise ExportError(f"PyTorch cannot open {path.name}: {reason}") from error
    return called(module)
