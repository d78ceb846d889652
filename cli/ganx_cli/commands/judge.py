"""``ganx judge``: train a judge, look at one, compare two."""

from pathlib import Path

import click

from ganx_cli.commands.options import (
    count_option,
    data_option,
    device_option,
    json_option,
    output_option,
    set_option,
)
from ganx_cli.state import current_state

EXAMPLES = """\b
Examples:
  ganx judge train --dataset iclevr     a judge of rendered scenes
  ganx judge show judge.safetensors     what it knows, and how well
  ganx evaluate --judge judge.safetensors
"""

TRAIN_EXAMPLES = """\b
A first one, in a minute or two:
  ganx judge train --dataset iclevr --set dataset.size=6000 --set judge.epochs=3

\b
Of your own images; it is examined on a part that it does not learn from:
  ganx judge train --dataset folder --data path/to/images -o mine.safetensors

\b
One that also judges generators of 32 pixels:
  ganx judge train --dataset iclevr --set judge.smallest=32

\b
Settings of the judge: width, epochs, batch_size, learning_rate,
weight_decay, shift, smallest and seed, each as --set judge.NAME=VALUE.
"""

SHOW_EXAMPLES = """\b
Examples:
  ganx judge show judge.safetensors
  ganx judge show judge.safetensors --json
  ganx judge show checkpoint.pth --dataset iclevr    one in a form of a plugin
"""

COMPARE_EXAMPLES = """\b
Two judges on a thousand scenes that neither has seen:
  ganx judge compare a.safetensors b.safetensors --dataset iclevr

\b
The same on scenes of 32 pixels, enlarged for the judges:
  ganx judge compare a.safetensors b.safetensors --dataset iclevr \\
      --set dataset.resolution=32
"""

_file = click.Path(path_type=Path, dir_okay=False)
_dataset_option = click.option(
    "--dataset", "name", metavar="NAME", required=True, help="The data set, such as iclevr."
)


@click.group("judge", epilog=EXAMPLES)
def judge() -> None:
    """Train and examine judges: classifiers that tell what a generator's images show."""


@judge.command(epilog=TRAIN_EXAMPLES)
@_dataset_option
@data_option()
@set_option("A setting, such as dataset.resolution=32 or judge.epochs=3")
@output_option("judge.safetensors", "The file to write.", is_file=True)
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there.")
@device_option()
def train(
    *,
    name: str,
    data: Path | None,
    assignments: tuple[str, ...],
    output: Path,
    overwrite: bool,
    device: str,
) -> None:
    """Train a judge on a data set, and examine it on images that it did not see.

    Rendered images are drawn from another seed than those that models train on, so that a judge
    has seen none of them.
    """
    from ganx_cli.work.judge_training import train_and_tell

    host = current_state().host
    train_and_tell(host.datasets, name, data, assignments, output, device, overwrite=overwrite)


@judge.command(epilog=SHOW_EXAMPLES)
@click.argument("file", type=_file)
@click.option("--dataset", "name", metavar="NAME", help="Whose plugin reads files of other forms.")
@json_option
def show(*, file: Path, name: str | None, as_json: bool) -> None:
    """Show what the judge in FILE knows, how well, and what it learned from."""
    from ganx.judging.saved import read_judge
    from ganx_cli.screen.judge import described, print_json, print_judge

    spec = current_state().host.datasets[name] if name else None
    found = {"file": str(file), **described(read_judge(file, spec))}
    (print_json if as_json else print_judge)(found)


@judge.command(epilog=COMPARE_EXAMPLES)
@click.argument("first", type=_file)
@click.argument("second", type=_file)
@_dataset_option
@data_option()
@set_option("A setting of the data set, such as dataset.resolution=32")
@count_option(1000, 100_000, "Images at most.")
@device_option()
@json_option
def compare(
    *,
    first: Path,
    second: Path,
    name: str,
    data: Path | None,
    assignments: tuple[str, ...],
    count: int,
    device: str,
    as_json: bool,
) -> None:
    """Compare the answers of two judges about images that neither learned from.

    Where two judges of different seeds disagree, a score says less about the generator.
    """
    from ganx_cli.screen.judge import print_comparison, print_json
    from ganx_cli.work.judge_comparison import compare_judges

    spec = current_state().host.datasets[name]
    found = compare_judges(spec, (first, second), data, assignments, count, device)
    (print_json if as_json else print_comparison)(found)
