"""Exporting to a file that appears only when it has been verified."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ganx.config import Config
from ganx.contracts.export_config import ExportConfig
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.specs import ExporterSpec
from ganx.errors import ExportError
from ganx.exporting.alone import answers_alone
from ganx.exporting.findings import finding
from ganx.exporting.metadata import Told, completed, fixed_batch, read_metadata, text_of
from ganx.exporting.places import check_no_places
from ganx.exporting.preflight import check_deterministic, check_frozen
from ganx.exporting.questions import Answer, Question, answers_here, question
from ganx.exporting.verify import Agreement, allowed_for, examine
from ganx.files import put_in_place


@dataclass(frozen=True)
class ExportReport:
    """What was published, and how it was found to agree with the generator."""

    path: Path
    format: str
    agreement: Agreement
    bytes: int
    """The size of the file."""

    @property
    def differences(self) -> Mapping[int, float]:
        """The largest absolute difference of a pixel to eager, by batch size."""
        return self.agreement.differences

    @property
    def condition_change(self) -> float | None:
        """The largest change of a pixel between two conditions; None without condition."""
        return self.agreement.condition_change


def publish(
    frozen: FrozenGenerator,
    exporter: ExporterSpec,
    destination: Path,
    tolerance: float | None = None,
    *,
    config: Config | None = None,
    told: Told | None = None,
) -> ExportReport:
    """Export, verify the file, and only then put it in its place.

    ``config`` is of the exporter's own class; ``told`` is what else the file shall say. The file
    is written beside the destination, so that a file already there stays until the new one
    replaces it in one step. On any failure nothing is left behind and ``ExportError`` says what
    was wrong: with the generator, with the file, or with the place it was to go.
    """
    check_frozen(frozen)
    check_deterministic(frozen)
    if config is None and exporter.config is not None:
        config = exporter.config()
    metadata = completed(frozen, exporter, config, told or Told())
    described = replace(frozen, metadata=metadata)
    text = text_of(metadata)
    try:
        with _made(destination.parent), _workshop(destination) as folder:
            file = folder / destination.name
            exporter.write(described, file, config)
            _check_single(exporter, file)
            agreement = verify_file(frozen, exporter, file, config, tolerance)
            _annotate(described, exporter, file, finding(exporter, config, agreement, tolerance))
            check_no_places(file, frozen.module, destination.parent.resolve(), own=text)
            size = file.stat().st_size
            put_in_place(file, destination)
    except OSError as error:
        raise ExportError(
            f"Cannot write {destination}: {error.strerror or error}. "
            f"Choose another place, or make room there."
        ) from error
    return ExportReport(destination, exporter.name, agreement, size)


def verify_file(
    frozen: FrozenGenerator,
    exporter: ExporterSpec,
    file: Path,
    config: Config | None,
    tolerance: float | None = None,
) -> Agreement:
    """Compare a file with its generator, in a process of its own where the format can do that.

    Raises ``ExportError`` where they do not agree as ``verify.examine`` demands.
    """

    def ask(questions: Sequence[Question]) -> list[Answer]:
        if exporter.alone is not None:
            return answers_alone(exporter.alone, file, questions)
        return answers_here(exporter.load(file), questions)

    form = config if isinstance(config, ExportConfig) else ExportConfig()
    return examine(frozen, ask, form, fixed_batch(config), allowed_for(form, tolerance))


def _check_single(exporter: ExporterSpec, file: Path) -> None:
    """Refuse a second file beside the first."""
    written = sorted(entry.name for entry in file.parent.iterdir())
    if written != [file.name]:
        raise ExportError(f"{exporter.name} wrote {written}; one file, {file.name}, was expected.")


def _annotate(
    frozen: FrozenGenerator, exporter: ExporterSpec, file: Path, found: Mapping[str, Any]
) -> None:
    """Write into the file how it was verified, and see that it says of itself what it should."""
    metadata = dict(frozen.metadata)
    if exporter.annotate is not None:
        metadata["verification"] = dict(found)
        exporter.annotate(file, text_of(metadata))
        # The file is another one now; that it still opens and runs is soon told.
        (answer,) = answers_here(exporter.load(file), [question(frozen, found["batches"][0])])
        if isinstance(answer, str):
            raise ExportError(f"{exporter.name}'s file does not run with its metadata: {answer}")
    if exporter.read is not None and read_metadata(exporter, file) != json.loads(text_of(metadata)):
        raise ExportError(f"The metadata in {exporter.name}'s file is not the generator's.")


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
