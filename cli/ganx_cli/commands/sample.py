"""``ganx sample``: draw images from a trained generator. No data set is needed."""

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
16 images from the newest run, of what it was trained on:
  ganx sample

\b
Of your choice, all of them showing the same:
  ganx sample --labels "red cube, blue sphere" -n 16 -o grid.png

\b
A row for each; images in one column share their noise:
  ganx sample --labels "red cube" --labels "gray sphere" -n 8

\b
Another run, other noise, the weights without the moving average:
  ganx sample runs/00003-sagan-iclevr --seed 7 --weights raw

A label that the run does not know is answered with all that it knows.
"""


@click.command(epilog=EXAMPLES)
@run_argument
@click.option(
    "--labels",
    "texts",
    multiple=True,
    metavar="TEXT",
    help='What to show, such as "red cube, blue sphere"; repeat it for more rows. '
    "Without it, conditions are drawn as they occurred in training.",
)
@count_option(16, 4096, "Images in all, or for each --labels.")
@output_option("grid.png", "The picture to write.")
@seed_option("Of noise and drawn conditions: image i depends on the seed and i alone.")
@weights_option
@checkpoint_option
@runs_option
def sample(
    run: str | None,
    texts: tuple[str, ...],
    count: int,
    output: Path,
    seed: int,
    weights: Literal["ema", "raw"],
    checkpoint: "CheckpointChoice",
    runs: Path,
) -> None:
    """Draw images from RUN, a folder or a name in --runs; the newest run when left out.

    The first images of a seed are the same however many are drawn.
    """
    from ganx.pictures.captions import prompt_picture
    from ganx.pictures.grid import save_picture
    from ganx.sampling.generator import load_generator
    from ganx.sampling.samples import sample_images

    host = current_state().host
    frozen = load_generator(run, weights, runs, checkpoint=checkpoint, registries=host)
    images = sample_images(frozen, texts, count, seed)
    save_picture(prompt_picture(images, texts), output)
    shown = "; ".join(texts) or "conditions as in training"
    origin = frozen.metadata["origin"]
    click.echo(f"{output}: {len(images)} images of {shown}")
    click.echo(f"from {origin['run']} after {origin['images_seen']:,} images seen, seed {seed}")
