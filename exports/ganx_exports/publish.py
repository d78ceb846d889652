"""Exporting to a file that appears only when it has been verified."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.specs import ExporterSpec
from ganx.errors import ExportError
from ganx.files import put_in_place
from ganx_exports.metadata import described, read_metadata
from ganx_exports.places import check_no_places
from ganx_exports.preflight import check_deterministic, check_frozen
from ganx_exports.verify import compare, condition_change

TOLERANCE = 1e-4
"""The largest difference of a pixel to eager float32 that an exported file may show."""

READABLE = {".onnx", ".pt"}
"""The suffixes whose metadata ``read_metadata`` knows how to find."""


@dataclass(frozen=True)
class ExportReport:
    """What was published, and how it was found to agree with the generator."""

    path: Path
    format: str
    differences: Mapping[int, float]
    """The largest absolute difference of a pixel to eager, by batch size."""
    condition_change: float | None
    """The largest change of a pixel between two conditions; None without condition."""
    bytes: int
    """The size of the file."""


def publish(
    frozen: FrozenGenerator,
    exporter: ExporterSpec,
    destination: Path,
    tolerance: float | None = None,
) -> ExportReport:
    """Export, verify the file, and only then put it in its place.

    The file is written beside the destination, so that a file already there stays until the new
    one replaces it in one step. On any failure nothing is left behind and ``ExportError`` says
    what was wrong: with the generator, with the file, or with the place it was to go.
    """
    check_frozen(frozen)
    check_deterministic(frozen)
    allowed = TOLERANCE if tolerance is None else tolerance
    try:
        with _made(destination.parent), _workshop(destination) as folder:
            file = folder / destination.name
            exporter.export(frozen, file)
            report = _verify(frozen, exporter, file, destination, allowed)
            put_in_place(file, destination)
    except OSError as error:
        raise ExportError(
            f"Cannot write {destination}: {error.strerror or error}. "
            f"Choose another place, or make room there."
        ) from error
    return report


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make a folder, and unmake what was made of it if the work in it fails."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for place in missing:
                place.rmdir()
        raise


@contextmanager
def _workshop(destination: Path) -> Iterator[Path]:
    """Lend a folder beside the destination, on the same disk, that is removed afterwards."""
    if destination.is_dir():
        raise ExportError(f"Cannot write {destination}: it is a folder. Name a file in it.")
    with TemporaryDirectory(prefix=f".{destination.name}.", dir=destination.parent) as folder:
        yield Path(folder)


def _verify(
    frozen: FrozenGenerator,
    exporter: ExporterSpec,
    file: Path,
    destination: Path,
    tolerance: float,
) -> ExportReport:
    """Examine the written file as its users will."""
    written = sorted(entry.name for entry in file.parent.iterdir())
    if written != [file.name]:
        raise ExportError(f"{exporter.name} wrote {written}; one file, {file.name}, was expected.")
    check_no_places(file, frozen.module, destination.parent.resolve())
    _check_metadata(frozen, exporter, file)
    generate = exporter.load(file)
    differences = compare(frozen, generate, tolerance)
    change = condition_change(frozen, generate)
    return ExportReport(destination, exporter.name, differences, change, file.stat().st_size)


def _check_metadata(frozen: FrozenGenerator, exporter: ExporterSpec, file: Path) -> None:
    """Refuse a file that does not describe its generator; formats of strangers are theirs."""
    if exporter.suffix not in READABLE:
        return
    if read_metadata(file) != json.loads(described(frozen)):
        raise ExportError(f"The metadata in {exporter.name}'s file is not the generator's.")
