"""``ganx export``: write a trained generator as a verified file."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ganx.contracts.specs import ExporterSpec
from ganx.runs.directory import RunDirectory, find_run
from ganx.runs.recorded import as_recorded
from ganx_cli.commands.options import (
    checkpoint_option,
    output_option,
    run_argument,
    runs_option,
    weights_option,
)
from ganx_cli.state import current_state

if TYPE_CHECKING:
    from ganx.contracts.frozen import FrozenGenerator
    from ganx.exporting.publish import ExportReport
    from ganx.runs.directory import CheckpointChoice

ALL = "all"

EXAMPLES = """\b
Examples:
  ganx export                                       the newest run, as ONNX
  ganx export --format torchscript                  the same, for PyTorch and C++
  ganx export runs/00003-sagan-iclevr --format all  one file of each format
  ganx export -o generator.onnx --weights raw       without the moving average
  ganx export --checkpoint 50000                    an earlier checkpoint
"""


@click.command("export", epilog=EXAMPLES)
@run_argument
@click.option(
    "--format",
    "formats",
    multiple=True,
    default=("onnx",),
    show_default=True,
    metavar="NAME",
    help="onnx, torchscript, the name of an installed plugin's format, or all; may be repeated.",
)
@output_option(None, "The file to write; with several formats, the folder.  [default: RUN/exports]")
@weights_option
@checkpoint_option
@runs_option
def export(
    *,
    run: str | None,
    formats: tuple[str, ...],
    output: Path | None,
    weights: Literal["ema", "raw"],
    checkpoint: "CheckpointChoice",
    runs: Path,
) -> None:
    """Write the generator of RUN as a file that makes images without ganx.

    RUN is a run's folder or its name in the folder of runs; without it, the newest run is taken.
    The file is compared with the generator at several batch sizes, and appears only if their
    images agree. It carries its vocabulary and needs no training data.
    """
    found = RunDirectory(find_run(run, runs))
    host = as_recorded(current_state().host, found)
    wanted = list(host.exporters) if ALL in formats else dict.fromkeys(formats)
    exporters = [host.exporters[name] for name in wanted]
    destinations = _destinations(exporters, found.exports, output)
    from ganx.sampling.generator import load_generator

    frozen = load_generator(found.path, weights, runs, checkpoint=checkpoint, registries=host)
    for exporter, destination in destinations:
        _export_one(frozen, exporter, destination)


def _destinations(
    exporters: list[ExporterSpec], default: Path, output: Path | None
) -> list[tuple[ExporterSpec, Path]]:
    """Decide where each format goes; refuses one file for two formats and a wrong ending."""
    if output is None or output.is_dir() or len(exporters) > 1:
        folder = output or default
        return [(exporter, folder / f"generator{exporter.suffix}") for exporter in exporters]
    (exporter,) = exporters
    if output.suffix != exporter.suffix:
        raise click.BadParameter(
            f"{exporter.name} files end in {exporter.suffix}, and {output.name} does not. "
            f"Write {output.with_suffix(exporter.suffix)}, or name another --format.",
            param_hint="--output",
        )
    return [(exporter, output)]


def _export_one(frozen: "FrozenGenerator", exporter: ExporterSpec, destination: Path) -> None:
    from ganx.exporting.publish import publish
    from ganx_exports.usage import usage

    click.echo(f"Exporting to {exporter.name}, which may take a minute ...", err=True)
    report = publish(frozen, exporter, destination)
    for line in (*_findings(report), *_indented(usage(report.format, report.path, frozen))):
        click.echo(line)


def _findings(report: "ExportReport") -> list[str]:
    """Tell of a published file: place, size, agreement, effect of labels."""
    measured = ", ".join(f"{value:.1e} (batch {b})" for b, value in report.differences.items())
    if report.condition_change is None:
        labels = "none, the model is unconditional"
    else:
        labels = f"another condition changes pixels by up to {report.condition_change:.2g}"
    return [
        f"{report.format}: {report.path} ({report.bytes / 1e6:.1f} MB)",
        f"  largest difference to PyTorch: {measured}, on the range [-1, 1]",
        f"  labels: {labels}",
    ]


def _indented(example: list[str]) -> list[str]:
    return ["", *(f"    {line}" for line in example), ""] if example else []
