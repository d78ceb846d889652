"""``ganx metrics``: what a run measured, as a table for people or for programs."""

import sys
from pathlib import Path

import click

from ganx_cli.commands.options import metric_option, output_option, run_argument, runs_option

EXAMPLES = """\b
Losses and scores of the newest run:
  ganx metrics

\b
Everything, for a spreadsheet or pandas:
  ganx metrics runs/00003-sagan-iclevr -o metrics.csv

\b
The scores on validation prompts alone:
  ganx metrics --csv --metric validation

A metric that the run does not have is answered with all that it has.
"""


@click.command(epilog=EXAMPLES)
@run_argument
@click.option("--csv", "as_csv", is_flag=True, help="Write all readings, separated by commas.")
@output_option(None, "Write them to a file instead (with or without --csv).", is_file=True)
@metric_option(
    "A metric, such as generator.bce, or all that begin so, such as probability; may be "
    "repeated.  [default: all]",
)
@runs_option
def metrics(
    run: str | None, as_csv: bool, output: Path | None, names: tuple[str, ...], runs: Path
) -> None:
    """Sum up the losses and scores of RUN, or write them all with --csv.

    RUN is a folder or a name in --runs; the newest run when left out. It may still be training.
    The CSV has a row for each line of metrics.jsonl; with --metric, for those that have one of
    them. Images seen come first, and a cell is empty where nothing was measured.
    """
    from ganx.pages.curve_names import panels
    from ganx.runs.directory import RunDirectory, find_run
    from ganx.runs.metrics import read_metrics
    from ganx.runs.metrics_csv import save_csv, write_csv
    from ganx_cli.screen.metrics import print_metrics

    found = RunDirectory(find_run(run, runs))
    read = read_metrics(found.metrics)
    if not (as_csv or output):
        print_metrics(found, read, names)
        return
    chosen = [name for panel in panels(read, names) for name in panel.names] if names else []
    if output:
        rows = save_csv(read, output, chosen)
        click.echo(f"{output}: {rows:,} rows of {found.path.resolve().name}")
    else:
        write_csv(read, sys.stdout, chosen)
