"""``ganx export --verify FILE``: the verification of a file that is there, repeated."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganx.config import Config
from ganx.contracts.specs import ExporterSpec
from ganx.errors import ExportError, RunError, listed

if TYPE_CHECKING:
    from ganx.contracts.frozen import FrozenGenerator
    from ganx.exporting.verify import Agreement
    from ganx.host import PluginHost


def verify_again(
    host: "PluginHost", file: Path, run: str | None, runs: Path, *, trust: bool
) -> "tuple[Agreement, FrozenGenerator]":
    """Compare a file with the generator of the run that it was exported from.

    The checkpoint and the weights are those that the file names; ``run`` is needed only where the
    run's folder has another name now. Raises ``ExportError`` where they do not agree, and for a
    program that nobody trusts.
    """
    from ganx.exporting.metadata import read_metadata
    from ganx.exporting.publish import verify_file
    from ganx.runs.directory import RunDirectory, find_run
    from ganx.runs.recorded import as_recorded
    from ganx.sampling.generator import load_generator

    exporter = _format_of(host, file)
    metadata = read_metadata(exporter, file)
    if exporter.program and not trust:
        raise ExportError(
            f"{exporter.name} files are programs: whoever made {file.name} decides what this "
            f"machine does when it is opened. Add --trust if that is you or somebody you trust."
        )
    origin = metadata["origin"]
    try:
        found = find_run(run or origin["run"], runs)
    except RunError as error:
        raise RunError(
            f"{file.name} was exported from the run {origin['run']!r}, with which it is to be "
            f"compared. {error} Name its folder: ganx export RUN --verify {file.name}."
        ) from None
    _check_model(file, origin, found)
    frozen = load_generator(
        found,
        origin["weights"],
        runs,
        checkpoint=origin["images_seen"],
        registries=as_recorded(host, RunDirectory(found)),
    )
    _check_same(file, metadata, frozen)
    return verify_file(frozen, exporter, file, _config(exporter, metadata["file"])), frozen


def _format_of(host: "PluginHost", file: Path) -> ExporterSpec:
    if not file.is_file():
        raise ExportError(f"There is no file {file}.")
    formats = [one for one in host.exporters.values() if one.suffix == file.suffix]
    if not formats:
        known = listed([one.suffix for one in host.exporters.values()])
        raise ExportError(f"{file.name} is in no known format; files end in {known}.")
    return formats[0]


def _check_model(file: Path, origin: dict[str, Any], run: Path) -> None:
    """Refuse a run that the file cannot be of, before its checkpoints are looked for."""
    from ganx.runs.directory import RunDirectory

    model, own = origin["model"]["name"], RunDirectory(run).read_config().get("model", {})
    if own.get("name", model) != model:
        raise ExportError(
            f"{file.name} was exported from the run {origin['run']!r}, whose model is {model}, and "
            f"{run} has the model {own['name']}. Name the run that it was exported from."
        )


def _check_same(file: Path, metadata: dict[str, Any], frozen: "FrozenGenerator") -> None:
    """Refuse a file whose vocabulary or latent is another than the run's."""
    for key in ("interface", "latent"):
        if metadata[key] != frozen.metadata[key]:
            raise ExportError(
                f"{file.name} describes another {key} than the run has: it is of another run of "
                f"that name, or was changed. Export the run again."
            )


def _config(exporter: ExporterSpec, form: dict[str, Any]) -> Config | None:
    """Return settings in which the file's form is that which it names."""
    if exporter.config is None:
        return None
    fields = exporter.config.model_fields
    known = {name: value for name, value in form.items() if name in fields and value is not None}
    return exporter.config(**known)
