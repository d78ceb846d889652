"""The JSON that an exported file carries about itself."""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from zipfile import BadZipFile, ZipFile, is_zipfile

from ganx.contracts.frozen import FrozenGenerator
from ganx.errors import ExportError

FORMAT_VERSION = 1
"""Raised when the keys of the metadata change their meaning."""

ONNX_KEY = "ganx"
"""The key among an ONNX model's metadata_props."""

ARCHIVE_NAME = "ganx.json"
"""The extra file in a TorchScript archive."""


def described(frozen: FrozenGenerator) -> str:
    """Return ``frozen.metadata`` with the ``format_version`` as JSON text.

    Raises ``ExportError`` for values that are not JSON and for absolute paths.
    """
    metadata = {"format_version": FORMAT_VERSION, **frozen.metadata}
    try:
        text = json.dumps(metadata, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ExportError(
            f"Cannot export: the generator's metadata is not JSON: {error}."
        ) from None
    for key, value in _strings(json.loads(text), "metadata"):
        if _is_absolute(value):
            raise ExportError(
                f"Cannot export: {key} is the path {value!r} of this machine, which must not "
                f"travel in a file meant for others. Leave it out or make it relative."
            )
    return text


def _strings(value: Any, key: str) -> Iterator[tuple[str, str]]:
    """Yield the dotted place and the text of every string in a JSON value."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _strings(item, f"{key}.{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, f"{key}[{index}]")


def _is_absolute(text: str) -> bool:
    """Tell a path with a folder in it from a label that starts with a slash."""
    posix, windows = PurePosixPath(text), PureWindowsPath(text)
    return (posix.is_absolute() and len(posix.parents) > 1) or windows.is_absolute()


def read_metadata(path: Path) -> dict[str, Any]:
    """Return what an exported ONNX or TorchScript file says about its generator.

    The keys are those of ``FrozenGenerator.metadata`` and ``format_version``. Nothing in the file
    is run. Raises ``ExportError`` if the file is missing, damaged, or not made by ganx.
    """
    try:
        text = _from_archive(path) if is_zipfile(path) else _from_onnx(path)
        metadata = json.loads(text)
    except (OSError, BadZipFile, ValueError) as error:
        raise ExportError(f"Cannot read the metadata of {path}: {error}.") from None
    if not isinstance(metadata, dict):
        raise ExportError(f"The metadata of {path} is not a JSON object. Export it again.")
    return metadata


def _from_archive(path: Path) -> str:
    """Find the extra file of a TorchScript archive."""
    with ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(f"/extra/{ARCHIVE_NAME}"):
                return archive.read(name).decode()
    raise ExportError(f"{path} is an archive without {ARCHIVE_NAME}: ganx did not export it.")


def _from_onnx(path: Path) -> str:
    """Find the metadata property of an ONNX model."""
    import onnx

    try:
        model = onnx.load(path, load_external_data=False)
    except OSError:
        raise
    except Exception as error:
        # protobuf's own exception, which shares no base with others.
        raise ExportError(
            f"{path} is neither an ONNX model nor a TorchScript archive, or it is damaged."
        ) from error
    for entry in model.metadata_props:
        if entry.key == ONNX_KEY:
            return str(entry.value)
    raise ExportError(f"{path} is an ONNX model without ganx's metadata: ganx did not export it.")
