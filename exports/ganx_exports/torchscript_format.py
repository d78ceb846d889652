"""Generators as TorchScript archives: ``forward(z, c)``, or ``forward(z)`` without condition.

Shapes: z [B, Z], c [B, K], images [B, C, H, W] in [-1, 1]; B is free.
"""

from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import torch

from ganx.contracts.export_config import ExportConfig
from ganx.contracts.frozen import FrozenGenerator, Generate
from ganx.errors import ExportError
from ganx.exporting.metadata import ARCHIVE_NAME, text_of
from ganx.exporting.preflight import check_frozen
from ganx.exporting.prepared import as_exported
from ganx.exporting.quiet import quiet, without_jit_deprecation
from ganx_exports.archive import rewritten
from ganx_exports.casts import check_casts
from ganx_exports.torch_call import called

_jit_trace: Callable[..., Any] = torch.jit.trace
_jit_load: Callable[..., Any] = torch.jit.load


def export_torchscript(frozen: FrozenGenerator, path: Path, config: ExportConfig) -> None:
    """Write a traced module with the metadata as an extra file, ``ganx.json``.

    Raises ``ExportError`` if the generator is not frozen or cannot be traced, or if the file cannot
    be cast to the types that the generator can.
    """
    check_frozen(frozen)
    text = text_of(frozen.metadata)
    prepared = as_exported(frozen, config)
    traced = _trace(prepared)
    buffer = BytesIO()
    # Saved to memory, the archive is not named after a temporary file.
    with without_jit_deprecation():
        torch.jit.save(traced, buffer, _extra_files={ARCHIVE_NAME: text})
    path.write_bytes(rewritten(buffer.getvalue()))
    if config.precision == "float32":
        check_casts(prepared, path)


def _trace(frozen: FrozenGenerator) -> torch.jit.ScriptModule:
    """Record the generator on a batch of two; that others work is verified on the file."""
    # Traced modules share their tensors; the copy's need no gradient wherever they are loaded.
    module = deepcopy(frozen.module).requires_grad_(False)
    try:
        with quiet(), torch.no_grad():
            # Classes that a process meets for the first time share files, and in a file numbers of
            # variables: the bytes are those of a second time, always.
            for _ in range(2):
                traced = _jit_trace(module, frozen.example_inputs(2), check_trace=False)
    except Exception as error:
        # A stranger's forward may raise anything.
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ExportError(f"PyTorch cannot trace this generator: {reason}") from error
    assert isinstance(traced, torch.jit.ScriptModule)
    return traced


def load_torchscript(path: Path) -> Generate:
    """Open an archive on the CPU. Raises ``ExportError`` if PyTorch refuses it.

    TorchScript files are programs: open only those from people you trust.
    """
    try:
        with without_jit_deprecation():
            module = _jit_load(path, map_location="cpu")
    except (RuntimeError, ValueError, OSError) as error:
        reason = (str(error).strip().splitlines() or ["no reason was given"])[0]
        raise ExportError(f"PyTorch cannot open {path.name}: {reason}") from error
    return called(module)
