"""``ganx interpolate``: images on the way from one seed or label set to another."""

from collections.abc import Callable
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
    from torch import Tensor

    from ganx.runs.directory import CheckpointChoice

STILL = (".png", ".jpg", ".jpeg")

EXAMPLES = """\b
From the noise of one seed to that of another, as an animation:
  ganx interpolate --seeds 1 2 --labels "red cube" --steps 30 -o morph.gif

\b
From one label set to another with the same noise, a row for each of 4 images:
  ganx interpolate --from "red cube" --to "blue sphere" -n 4 -o morph.png

\b
Both at once:
  ganx interpolate --seeds 1 2 --from "red cube" --to "blue sphere" -o morph.webp
"""


@click.command(epilog=EXAMPLES)
@run_argument
@click.option(
    "--seeds",
    type=(click.IntRange(0), click.IntRange(0)),
    metavar="FIRST LAST",
    help="The noise to start from and to arrive at.",
)
@click.option("--from", "start", metavar="TEXT", help="The labels to start from.")
@click.option("--to", "goal", metavar="TEXT", help="The labels to arrive at.")
@click.option(
    "--labels",
    "text",
    metavar="TEXT",
    help="What all images show, instead of --from and --to.  [default: drawn as in training]",
)
@click.option(
    "--steps",
    type=click.IntRange(2, 1000),
    default=10,
    show_default=True,
    help="Images from one end to the other, both included.",
)
@count_option(4, 256, "Images that change: rows of a grid, or side by side in an animation.")
@output_option(
    "morph.gif", "What to write: .png for a grid, .gif or .webp for an animation there and back."
)
@click.option(
    "--fps",
    type=click.FloatRange(0.1, 50),
    default=10,
    show_default=True,
    help="Images a second in an animation.",
)
@seed_option("Of the noise where only labels change.  [default: 0]", default=None)
@weights_option
@checkpoint_option
@runs_option
def interpolate(
    *,
    run: str | None,
    seeds: tuple[int, int] | None,
    start: str | None,
    goal: str | None,
    text: str | None,
    steps: int,
    count: int,
    output: Path,
    fps: float,
    seed: int | None,
    weights: Literal["ema", "raw"],
    checkpoint: "CheckpointChoice",
    runs: Path,
) -> None:
    """Go step by step from one image of RUN to another.

    RUN is a folder or a name in --runs; the newest run when left out. Normal noise moves on a
    sphere, uniform noise, continuous codes and labels on a straight line; categories of a code
    change halfway.
    """
    texts = _checked(seeds, start, goal, text, seed)
    write = _writer(output, fps)
    from ganx.sampling.generator import load_generator
    from ganx.sampling.interpolation import ends
    from ganx.sampling.interpolation import interpolate as interpolated

    host = current_state().host
    frozen = load_generator(run, weights, runs, checkpoint=checkpoint, registries=host)
    both = seeds or (seed or 0, seed or 0)
    title = _title(both, texts)
    write(interpolated(frozen, *ends(frozen, count, both, texts), steps), title)
    origin = frozen.metadata["origin"]
    click.echo(f"{output}: {title}, in {steps} steps")
    click.echo(f"from {origin['run']} after {origin['images_seen']:,} images seen")


def _checked(
    seeds: tuple[int, int] | None,
    start: str | None,
    goal: str | None,
    text: str | None,
    seed: int | None,
) -> tuple[str, str] | None:
    """Return the labels of both ends, or None for those of training; refuse what contradicts."""
    if (start is None) != (goal is None):
        raise click.UsageError("Labels change from something to something: give --from and --to.")
    if start is not None and text is not None:
        raise click.UsageError("--labels is for images whose labels stay. Leave it out.")
    if seeds is None and start is None:
        raise click.UsageError("Say what changes: --seeds 1 2, or --from TEXT and --to TEXT.")
    if seeds is not None and seed is not None:
        raise click.UsageError("--seeds says already which noise to take. Leave out --seed.")
    if start is not None and goal is not None:
        return start, goal
    return None if text is None else (text, text)


def _writer(output: Path, fps: float) -> Callable[["Tensor", str], None]:
    """Choose what to write by the ending. Raises ``click.BadParameter`` for an unknown one."""
    from ganx.pictures.animation import ANIMATED, save_animation
    from ganx.pictures.grid import save_picture
    from ganx.pictures.labelled_grid import morph_picture

    ending = output.suffix.lower()
    if ending in ANIMATED:
        return lambda images, _: save_animation(images, output, fps)
    if ending in STILL:
        return lambda images, title: save_picture(morph_picture(images, title), output)
    raise click.BadParameter(
        f"{output.name} does not say what to write. End it in .png for a grid, or in .gif or "
        ".webp for an animation.",
        param_hint="--output",
    )


def _title(seeds: tuple[int, int], texts: tuple[str, str] | None) -> str:
    first, last = seeds
    noise = f"seed {first}" if first == last else f"seed {first} to {last}"
    if texts is None:
        return noise
    start, goal = texts
    return f"{start}, {noise}" if start == goal else f"{start} to {goal}, {noise}"
