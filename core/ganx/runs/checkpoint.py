"""Checkpoints: folders of safetensors and JSON with a manifest of hashes. No pickle.

A checkpoint is written aside, synced to disk and renamed into place, so a folder with the final
name is whole; the manifest tells damage that comes later.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from ganx.errors import RunError
from ganx.files import put_in_place
from ganx.remedies import Remedy

FORMAT_VERSION = 1
_MANIFEST = "manifest.json"

Tensors = Mapping[str, Tensor]


def save_checkpoint(
    destination: Path, tensors: Mapping[str, Tensors], state: Mapping[str, Any]
) -> None:
    """Write named groups of tensors and a JSON state as one folder.

    Raises ``RunError`` when the disk refuses; what was there before is then untouched.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=destination.parent, prefix=".partial-"))
    try:
        for name, group in tensors.items():
            save_file(
                {key: _plain(value) for key, value in group.items()}, aside / f"{name}.safetensors"
            )
        _write_json(aside / "state.json", state)
        _write_json(aside / _MANIFEST, _manifest(aside))
        put_in_place(aside, destination)
    except (OSError, SafetensorError) as error:
        raise RunError(
            f"Cannot write the checkpoint {destination}: {error}.",
            remedy=Remedy(
                "make-room-and-resume",
                "Free some space or make the folder writable, then resume the run.",
            ),
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def load_state(folder: Path) -> dict[str, Any]:
    """Check a checkpoint against its manifest and return its JSON state."""
    manifest = _read_json(folder / _MANIFEST)
    if manifest.get("format") != FORMAT_VERSION:
        raise RunError(
            f"{folder} has checkpoint format {manifest.get('format')!r}; this ganx reads "
            f"{FORMAT_VERSION}. Use the version of ganx that wrote it."
        )
    for name, digest in manifest["files"].items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise RunError(
                f"The checkpoint {folder} is damaged: {name} is not as it was written. "
                "Delete that folder to go on from the checkpoint before it."
            )
    return _read_json(folder / "state.json")


def load_tensors(folder: Path, name: str) -> dict[str, Tensor]:
    """Read one named group of tensors, on the CPU."""
    try:
        return load_file(folder / f"{name}.safetensors")
    except (OSError, SafetensorError) as error:
        raise RunError(f"Cannot read {name} of the checkpoint {folder}: {error}.") from error


def _plain(tensor: Tensor) -> Tensor:
    """Copy, laid out contiguously: the file format takes no strides and no shared memory."""
    return tensor.detach().cpu().clone(memory_format=torch.contiguous_format)


def _manifest(folder: Path) -> dict[str, Any]:
    files = {path.name: _digest(path) for path in sorted(folder.iterdir())}
    return {"format": FORMAT_VERSION, "files": files}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"{path.parent} is not a whole checkpoint: {path.name}: {error}.") from error
    if not isinstance(data, dict):
        raise RunError(f"{path} does not hold a JSON object.")
    return data


def load_module(module: torch.nn.Module, tensors: Mapping[str, Tensor], what: str) -> None:
    """Load weights. Raises ``RunError`` when they are of another architecture."""
    try:
        module.load_state_dict(dict(tensors))
    except RuntimeError as error:
        raise RunError(
            f"The checkpoint's {what} does not fit the configured model: {error}"
        ) from error
