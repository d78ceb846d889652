"""``ganx report``: one page that shows a run."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ganx_cli.commands.options import (
    checkpoint_option,
    device_option,
    judge_option,
    moved_data_option,
    output_option,
    run_argument,
    runs_option,
    weights_option,
)
from ganx_cli.state import current_state

if TYPE_CHECKING:
    from ganx.runs.directory import CheckpointChoice

EXAMPLES = """\b
The newest run, in RUN/report.html:
  ganx report

\b
The checkpoint that scored best while training, somewhere else:
  ganx report runs/00003-sagan-iclevr --checkpoint best -o page.html

\b
Judged by a judge of your own:
  ganx report --judge judge.safetensors
"""


@click.command(epilog=EXAMPLES)
@run_argument
@output_option(None, "The page to write.  [default: RUN/report.html]", is_file=True)
@click.option(
    "--seeds",
    type=click.IntRange(1, 1000),
    help="How many draws of noise each score is the mean of.  [default: those of a kept "
    "evaluation, or 5]",
)
@judge_option
@checkpoint_option
@weights_option
@moved_data_option
@device_option()
@runs_option
def report(
    run: str | None,
    output: Path | None,
    seeds: int | None,
    judge: Path | None,
    checkpoint: "CheckpointChoice",
    weights: Literal["ema", "raw"],
    data: Path | None,
    device: str,
    runs: Path,
) -> None:
    """Write one HTML page about RUN, a folder or a name in --runs; the newest run when left out.

    It holds scores with their uncertainty, curves, the sample grid over time, every prompt with
    what the judge saw, configuration and commands, and asks nothing of the network. The newest
    evaluation that `ganx evaluate` kept of the checkpoint is shown; without any, it is scored now.
    A run that is still training can be shown too.
    """
    from ganx.files import replace_text, writing
    from ganx.pages.report import report as page_of
    from ganx.runs.directory import RunDirectory, find_run
    from ganx.scoring.opening import Request
    from ganx_cli.work.report_material import material_of

    found = find_run(run, runs)
    path = output or found / "report.html"
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    request = Request(
        checkpoint=checkpoint,
        weights=weights,
        judge=judge,
        seeds=seeds or 5,
        device=device,
        dataset={"folder": str(data.absolute())} if data else {},
    )
    material = material_of(current_state().host, found, request, any_seeds=seeds is None)
    page = page_of(RunDirectory(found), material)
    replace_text(path, page)
    for sentence in material.missing:
        click.echo(sentence, err=True)
    click.echo(f"{path}: {len(page.encode()) / 1e6:.1f} MB, opens in any browser")
