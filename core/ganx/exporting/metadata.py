"""The JSON that an exported file carries about itself; its keys are listed in docs/exports.md."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from ganx.config import Config
from ganx.contracts.condition import Condition
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.export_config import ExportConfig
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.specs import ExporterSpec
from ganx.contracts.summary import DRAWING, ConditionSummary
from ganx.errors import ExportError

FORMAT_VERSION = 2
"""Raised when the keys of the metadata change their meaning."""

ARCHIVE_NAME = "ganx.json"
"""The extra file in an archive of PyTorch."""

MOST_TEXT = 2**24
"""Bytes of metadata that are read; what ganx writes has a few thousand."""

_FORMS = {
    "classes": "VALUE",
    "labels": "VALUE, VALUE, ...",
    "attributes": "NAME=VALUE, NAME=VALUE, ...",
}
"""How a condition of each kind is written as text."""


@dataclass(frozen=True)
class Told:
    """What whoever exports a generator decides about its file's metadata."""

    licence: str | None = None
    """What others may do with the file: an SPDX identifier or a sentence."""

    distribution: bool = True
    """Whether the file says what training images showed."""


def completed(
    frozen: FrozenGenerator, exporter: ExporterSpec, config: Config | None, told: Told
) -> dict[str, Any]:
    """Return all that a file says of itself, but for the finding of its verification."""
    condition = frozen.interface.condition
    metadata = dict(frozen.metadata)
    distribution = metadata.pop("distribution", None)
    metadata |= {"format_version": FORMAT_VERSION, "drawing": DRAWING, "licence": told.licence}
    metadata["file"] = _form(exporter, config)
    if condition.size:
        metadata["text"] = {"form": _FORMS[condition.kind], "example": example_text(condition)}
    if distribution is not None and told.distribution:
        counted = ConditionDistribution.from_json(distribution)
        metadata["distribution"] = ConditionSummary.of(counted).to_json()
    return metadata


def _form(exporter: ExporterSpec, config: Config | None) -> dict[str, Any]:
    """Describe how the file computes and what it gives."""
    chosen = config if isinstance(config, ExportConfig) else ExportConfig()
    return {
        "format": exporter.name,
        "precision": chosen.precision,
        "output": chosen.output,
        "batch": fixed_batch(config),
    }


def fixed_batch(config: Config | None) -> int | None:
    """Return how many images a call of the file always makes; None: as many as are asked for."""
    return getattr(config, "batch", 0) or None


def example_text(condition: Condition) -> str:
    """Write the first value of each group, or the first two labels where both can be shown."""
    first = [where.start for where in condition.slices.values()]
    if condition.kind == "labels" and min(condition.at_once, condition.limit or 2) > 1:
        first.append(1)
    return condition.decode([float(place in first) for place in range(condition.size)])


def text_of(metadata: Mapping[str, Any]) -> str:
    """Return metadata as JSON text.

    Raises ``ExportError`` for values that are not JSON and for absolute paths.
    """
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


def read_metadata(exporter: ExporterSpec, path: Path) -> dict[str, Any]:
    """Return what an exported file says about its generator; nothing in the file is run.

    Raises ``ExportError`` if the file is missing, damaged, of an older version or not made by
    ganx, and for a format that cannot be read back.
    """
    if exporter.read is None:
        raise ExportError(f"Files of the format {exporter.name!r} cannot be read back.")
    try:
        text = exporter.read(path)
        if len(text) > MOST_TEXT:
            raise ExportError(
                f"{path} has {len(text):,} letters of metadata: ganx did not write it."
            )
        metadata = json.loads(text)
    except (OSError, ValueError) as error:
        raise ExportError(f"Cannot read the metadata of {path}: {error}.") from None
    if not isinstance(metadata, dict):
        raise ExportError(f"The metadata of {path} is not a JSON object. Export it again.")
    if metadata.get("format_version") != FORMAT_VERSION:
        raise ExportError(
            f"{path} has metadata of version {metadata.get('format_version')}, and this ganx reads "
            f"version {FORMAT_VERSION}. Export the run again."
        )
    return metadata
