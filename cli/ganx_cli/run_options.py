"""The argument and options of every command that takes a trained run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

run_argument = click.argument("run", required=False)

weights_option = click.option(
    "--weights",
    type=click.Choice(["ema", "raw"]),
    default="ema",
    show_default=True,
    help="The moving average of the generator's weights, or the weights as last trained.",
)

checkpoint_option = click.option(
    "--checkpoint",
    type=int,
    metavar="IMAGES",
    help="The checkpoint at so many images seen.  [default: the newest]",
)


def output_option(default: str, what: str) -> Callable[[Command], Command]:
    """Say where a command writes; ``what`` is its help."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        default=Path(default),
        show_default=True,
        help=what,
    )


def count_option(default: int, most: int, what: str) -> Callable[[Command], Command]:
    """Say how many images a command draws; ``what`` is its help."""
    return click.option(
        "-n",
        "count",
        type=click.IntRange(1, most),
        default=default,
        show_default=True,
        help=what,
    )


runs_option = click.option(
    "--runs",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="Where runs are looked for.",
)
