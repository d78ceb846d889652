"""``ganx plot``: the curves of a run as a picture."""

from pathlib import Path

import click

from ganx_cli.commands.options import metric_option, output_option, run_argument, runs_option

EXAMPLES = """\b
Losses and probabilities of the newest run:
  ganx plot

\b
For a paper, averaged over 20,000 images:
  ganx plot runs/00003-sagan-iclevr -o curves.svg --smooth 20000

\b
Some curves only, every reading as it is:
  ganx plot --metric generator.bce --metric probability --smooth 0

A metric that the run does not have is answered with all that it has.
"""


@click.command(epilog=EXAMPLES)
@run_argument
@output_option("curves.png", "The picture to write: .png, .svg or .pdf.")
@metric_option(
    "A curve to draw, such as generator.bce, or all that begin so, such as probability; may "
    "be repeated.  [default: all but speed and constant learning rates]",
)
@click.option(
    "--smooth",
    type=click.FloatRange(0),
    metavar="IMAGES",
    help="How many images each point is averaged over; 0 draws the readings alone.  "
    "[default: a fiftieth of the run]",
)
@runs_option
def plot(
    run: str | None, output: Path, names: tuple[str, ...], smooth: float | None, runs: Path
) -> None:
    """Draw the losses of RUN and D's probabilities over the images seen.

    RUN is a folder or a name in --runs; the newest run when left out. A run that is still training
    can be drawn too. Readings stand faintly behind their mean; the few that lie far outside are
    cut off at the edge.
    """
    from ganx.pages.curve_names import panels
    from ganx.pages.plot import draw_curves, save_curves
    from ganx.runs.directory import RunDirectory, find_run
    from ganx.runs.metrics import read_metrics

    found = RunDirectory(find_run(run, runs))
    metrics = read_metrics(found.metrics)
    shown = panels(metrics, names)
    title = found.path.resolve().name
    save_curves(draw_curves(metrics, shown, title, smooth), output)
    seen = int(metrics.images_seen[-1])
    click.echo(f"{output}: {sum(len(panel.names) for panel in shown)} curves of {title}")
    click.echo(f"{len(metrics.images_seen):,} readings up to {seen:,} images seen")
