"""``ganx traverse``: grids in which a part of the latent runs down the rows."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ganx_cli.commands.options import (
    checkpoint_option,
    count_option,
    output_option,
    run_argument,
    runs_option,
    seed_option,
    weights_option,
)
from ganx_cli.state import current_state

if TYPE_CHECKING:
    from ganx.runs.directory import CheckpointChoice

EXAMPLES = """\b
The first continuous code down the rows, one digit in each column:
  ganx traverse --part style.0 --columns digit -o grid.png

\b
Every code of the newest run, each as a grid of its own below the others:
  ganx traverse

\b
Further than in training, in fewer steps:
  ganx traverse --part style.0 --columns digit --range -2 2 --steps 5

\b
A number of the noise, one class in each column; with several attributes, fix the others:
  ganx traverse --part noise.7 --columns hair --labels "eyes=blue"

A part that the model does not have is answered with all that it has.
"""


@click.command(epilog=EXAMPLES)
@run_argument
@click.option(
    "--part",
    "parts",
    multiple=True,
    metavar="NAME[.INDEX]",
    help="The part of the latent that runs down the rows: the categories of a categorical part "
    "in turn, or one number of another part; repeat it for more grids.  [default: every code]",
)
@click.option(
    "--columns",
    "--rows",
    "--across",
    "across",
    metavar="NAME",
    help="What has one column for each of its values: a condition group, such as digit or hair, "
    "or a part of the latent.  [default: seeds of the noise]",
)
@click.option(
    "--labels",
    "text",
    metavar="TEXT",
    help="What every image shows, as far as the columns leave it open.  "
    "[default: drawn once, as in training]",
)
@click.option(
    "--range",
    "limits",
    type=(float, float),
    metavar="FIRST LAST",
    help="From where to where a number runs.  [default: -2 2 for normal noise, else -1 1]",
)
@click.option(
    "--steps",
    type=click.IntRange(2, 256),
    default=10,
    show_default=True,
    help="Rows for a number that runs.",
)
@count_option(10, 256, "Columns, where they are seeds.")
@output_option("traversal.png", "The picture to write.")
@seed_option(
    "Of the noise, which is the same in the whole grid; the first, where columns are seeds."
)
@weights_option
@checkpoint_option
@runs_option
def traverse(
    *,
    run: str | None,
    parts: tuple[str, ...],
    across: str | None,
    text: str | None,
    limits: tuple[float, float] | None,
    steps: int,
    count: int,
    output: Path,
    seed: int,
    weights: Literal["ema", "raw"],
    checkpoint: "CheckpointChoice",
    runs: Path,
) -> None:
    """Let a part of the latent of RUN run down the rows of a grid, the noise being fixed.

    RUN is a folder or a name in --runs; the newest run when left out. Continuous codes that do not
    run are 0.
    """
    from ganx.pictures.grid import save_picture
    from ganx.sampling.axes import Span, named_axis, seed_axis
    from ganx.sampling.generator import load_generator
    from ganx.sampling.traversal import fixed_inputs, fixed_text, row_axes, traversal_picture

    span = Span(steps, limits)
    host = current_state().host
    frozen = load_generator(run, weights, runs, checkpoint=checkpoint, registries=host)
    condition = frozen.interface.condition
    if across is None:
        columns = seed_axis(frozen.latent, seed, count)
    else:
        columns = named_axis(frozen.latent, condition, across, span)
    rows = row_axes(frozen.latent, parts, columns, span)
    fixed = fixed_inputs(frozen, text, columns, seed)
    save_picture(traversal_picture(frozen, rows, columns, fixed), output)
    names = ", ".join(axis.name for axis in rows)
    shown = fixed_text(condition, fixed, columns)
    origin = frozen.metadata["origin"]
    click.echo(f"{output}: {names} down, {columns.name} across{f', of {shown}' if shown else ''}")
    click.echo(f"from {origin['run']} after {origin['images_seen']:,} images seen, seed {seed}")
