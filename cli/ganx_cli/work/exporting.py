"""What ``ganx export`` does once its options are read: settings of formats, and places of files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ganx.config import Config, validated
from ganx.contracts.specs import ExporterSpec
from ganx_cli.work.judge_training import tables_of


@dataclass(frozen=True)
class Wanted:
    """A file to be written."""

    exporter: ExporterSpec
    config: Config | None
    destination: Path


def wanted_files(
    exporters: Sequence[ExporterSpec],
    asked: Mapping[str, Any],
    assignments: Sequence[str],
    folder: Path,
    output: Path | None,
) -> list[Wanted]:
    """Decide how each format is written, and where.

    ``asked`` are options by name, which go to the formats that have such a setting; ``assignments``
    are ``FORMAT.KEY=VALUE``. Without ``output`` files go to ``folder``. Raises ``ConfigError`` for
    wrong settings, and click's error for what no format has and for a place that does not suit.
    """
    tables = tables_of(assignments, [one.name for one in exporters], None)
    for name in asked:
        if not any(name in _settings(one) for one in exporters):
            formats = " nor ".join(one.name for one in exporters)
            raise click.UsageError(f"--{name} is no setting of {formats}.")
    written = []
    for one in exporters:
        own = {name: value for name, value in asked.items() if name in _settings(one)}
        values = own | tables[one.name]
        config = validated(one.config or _Nothing, values, one.name)
        written += [Wanted(one, config if one.config else None, Path(_name(one, config)))]
    return list(_placed(written, folder, output))


def missed(one: Wanted, asked: Mapping[str, Any]) -> list[str]:
    """List the options that a format does not have, and is written without."""
    return [f"--{name}" for name in asked if name not in _settings(one.exporter)]


class _Nothing(Config):
    """Stands for the settings of formats that have none, to refuse them by name."""


def _settings(exporter: ExporterSpec) -> Mapping[str, Any]:
    return exporter.config.model_fields if exporter.config else {}


def _name(exporter: ExporterSpec, config: Config) -> str:
    """Name a file by what is not as usual, so that another one beside it stays."""
    parts = [
        value if isinstance(value, str) else f"{name}{value}"
        for name, value in config.model_dump(exclude_defaults=True).items()
    ]
    return "-".join(["generator", *parts]) + exporter.suffix


def _placed(files: Sequence[Wanted], folder: Path, output: Path | None) -> Iterator[Wanted]:
    """Put files into a folder, or the only one where it was asked for."""
    if output is None or output.is_dir() or len(files) > 1:
        for one in files:
            place = (output or folder) / one.destination
            yield Wanted(one.exporter, one.config, place)
        return
    (one,) = files
    if output.suffix != one.exporter.suffix:
        raise click.BadParameter(
            f"{one.exporter.name} files end in {one.exporter.suffix}, and {output.name} does not. "
            f"Write {output.with_suffix(one.exporter.suffix)}, or name another --format.",
            param_hint="-o",
        )
    yield Wanted(one.exporter, one.config, output)
