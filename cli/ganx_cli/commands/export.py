"""``ganx export``: write a trained generator as a verified file."""

from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ganx_cli.commands.options import (
    checkpoint_option,
    run_argument,
    runs_option,
    set_option,
    weights_option,
)
from ganx_cli.state import current_state

if TYPE_CHECKING:
    from ganx.contracts.frozen import FrozenGenerator
    from ganx.exporting.metadata import Told
    from ganx.exporting.verify import Agreement
    from ganx.runs.directory import CheckpointChoice
    from ganx_cli.work.exporting import Wanted

ALL = "all"

EXAMPLES = """\b
Examples:
  ganx export                                       the newest run, as ONNX
  ganx export --format torchscript                  the same, for PyTorch and C++
  ganx export runs/00003-sagan-iclevr --format all  one file of each format
  ganx export --precision float16 --output uint8    half the size; pixels from 0 to 255
  ganx export --opset 17 --batch 1                  for tools that ask for it
  ganx export -o generator.onnx --weights raw       without the moving average
  ganx export --checkpoint 50000                    an earlier checkpoint
  ganx export --card hub/ --licence CC-BY-4.0       a folder for `hf upload NAME hub/`
  ganx export --verify generator.onnx               does the file still draw what its run does?
"""


def _kind_of_output(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Refuse a path where a kind of output belongs."""
    if value in {None, "float", "uint8"}:
        return value
    fault = f"{value!r} is neither float nor uint8. Where the file goes is told by -o {value}"
    raise click.BadParameter(fault, ctx, option)


@click.command("export", epilog=EXAMPLES)
@run_argument
@click.option(
    "--format",
    "formats",
    multiple=True,
    default=("onnx",),
    show_default=True,
    metavar="NAME",
    help="onnx, torchscript, torch-export, a plugin's format, or all; may be repeated.",
)
@click.option(
    "-o",
    "--file",
    "destination",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The file to write; with several formats, the folder.  [default: RUN/exports]",
)
@click.option(
    "--precision",
    type=click.Choice(["float32", "float16"]),
    help="How weights are kept and images computed; float16 halves the file.  [default: float32]",
)
@click.option(
    "--output",
    callback=_kind_of_output,
    metavar="float|uint8",
    help="What the file gives: images [B, C, H, W] in [-1, 1], or [B, H, W, C] from 0 to 255, "
    "ready to be saved.  [default: float]",
)
@click.option("--opset", type=int, metavar="N", help="ONNX's opset, 13 to 26.  [default: 18]")
@click.option(
    "--batch",
    type=click.IntRange(1),
    metavar="N",
    help="Always make N images at a time, for tools that need it.  [default: any number]",
)
@set_option("A setting of a format, such as onnx.opset=17")
@click.option(
    "--no-distribution",
    is_flag=True,
    help="Leave out what training images showed; sampling then asks for labels.",
)
@click.option(
    "--licence",
    metavar="NAME",
    help="What others may do with the file, such as CC-BY-4.0; it is written into it.",
)
@click.option(
    "--card",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Also write a folder for the Hugging Face hub: the files, a card with samples, labels, "
    "usage, scores and limits, and the run's settings without places.",
)
@click.option(
    "--verify",
    "verified",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write nothing; compare an exported file with its run once more.",
)
@click.option(
    "--trust",
    is_flag=True,
    help="With --verify: open a file that is a program, as TorchScript and .pt2 are.",
)
@weights_option
@checkpoint_option
@runs_option
def export(
    *,
    run: str | None,
    formats: tuple[str, ...],
    destination: Path | None,
    precision: str | None,
    output: str | None,
    opset: int | None,
    batch: int | None,
    assignments: tuple[str, ...],
    no_distribution: bool,
    licence: str | None,
    card: Path | None,
    verified: Path | None,
    trust: bool,
    weights: Literal["ema", "raw"],
    checkpoint: "CheckpointChoice",
    runs: Path,
) -> None:
    """Write the generator of RUN as a file that makes images without ganx.

    RUN is a run's folder or its name in the folder of runs; without it, the newest run is taken.
    The file is compared with the generator at several batch sizes, and appears only if their
    images agree. It carries its vocabulary and needs no training data.
    """
    if verified is not None:
        _verify(verified, run, runs, trust=trust)
        return
    options = {"precision": precision, "output": output, "opset": opset, "batch": batch}
    asked = {name: value for name, value in options.items() if value is not None}
    from ganx.exporting.metadata import Told
    from ganx.runs.directory import RunDirectory, find_run
    from ganx.runs.recorded import as_recorded
    from ganx_cli.work.exporting import missed, wanted_files
    from ganx_cli.work.stopping import stop_requests

    if card is not None:
        from ganx.pages.card import check_card_folder

        check_card_folder(card)
    found = RunDirectory(find_run(run, runs))
    host = as_recorded(current_state().host, found)
    names = list(host.exporters) if ALL in formats else dict.fromkeys(formats)
    exporters = [host.exporters[name] for name in names]
    files = wanted_files(exporters, asked, assignments, found.exports, destination)
    from ganx.sampling.generator import load_generator

    frozen = load_generator(found.path, weights, runs, checkpoint=checkpoint, registries=host)
    told = Told(licence, distribution=not no_distribution)
    # A signal ends the export as an error would: nothing half-written is left.
    with stop_requests(click.echo):
        for one in files:
            for option in missed(one, asked):
                click.echo(f"{one.exporter.name} has no {option} and is written without.", err=True)
            _export_one(frozen, one, told)
    if card is not None:
        from ganx.pages.card import write_card
        from ganx_cli.work.card_material import card_material

        write_card(card, found, frozen, card_material(host, frozen, files, told))
        click.echo(f"card: {card}, to be read before it is published")


def _export_one(frozen: "FrozenGenerator", wanted: "Wanted", told: "Told") -> None:
    from ganx.exporting.publish import publish
    from ganx_exports.usage import picture_command, usage

    click.echo(f"Exporting to {wanted.exporter.name}, which may take a minute ...", err=True)
    report = publish(frozen, wanted.exporter, wanted.destination, config=wanted.config, told=told)
    click.echo(f"{report.format}: {report.path} ({report.bytes / 1e6:.1f} MB)")
    for line in _findings(report.agreement):
        click.echo(line)
    if command := picture_command(report.format, report.path, frozen.interface.condition):
        click.echo(f"  pictures, with `pip install ganx-runtime` alone: {command}")
    for line in _indented(usage(report.format, report.path, frozen, wanted.config)):
        click.echo(line)


def _verify(file: Path, run: str | None, runs: Path, *, trust: bool) -> None:
    from ganx_cli.work.verifying import verify_again

    agreement, frozen = verify_again(current_state().host, file, run, runs, trust=trust)
    origin: dict[str, Any] = frozen.metadata["origin"]
    seen = f"{origin['images_seen']:,} images seen"
    click.echo(f"{file} draws what {origin['run']} draws after {seen}")
    for line in _findings(agreement):
        click.echo(line)


def _findings(agreement: "Agreement") -> list[str]:
    """Tell how a file agrees with its generator, and of the effect of labels."""
    measured = ", ".join(f"{value:.1e} (batch {b})" for b, value in agreement.differences.items())
    if agreement.condition_change is None:
        labels = "none, the model is unconditional"
    else:
        labels = f"another condition changes pixels by up to {agreement.condition_change:.2g}"
    # Rounded down: 100 % is said only where no pixel differs.
    share = floor(agreement.equal * 1e5) / 1e3
    equal = f"{share:.3f} % of pixels, none off by more than {agreement.levels}"
    return [
        f"  largest difference to PyTorch: {measured}, on the range [-1, 1]",
        f"  same level from 0 to 255: {equal}",
        f"  labels: {labels}",
    ]


def _indented(example: list[str]) -> list[str]:
    return ["", *(f"    {line}" for line in example), ""] if example else []
