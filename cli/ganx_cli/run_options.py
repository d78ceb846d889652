"""The argument and options of every command that takes a trained run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def _moment(ctx: click.Context, option: click.Parameter, value: str | None) -> int | str | None:
    """Read a checkpoint: a number of images seen, or ``best``."""
    if value is None or value == "best":
        return value
    digits = value.replace(",", "").replace("_", "")
    if not digits.isdecimal():
        fault = f"{value!r} is neither a number of images seen nor 'best'."
        raise click.BadParameter(fault, ctx, option)
    return int(digits)


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
    callback=_moment,
    metavar="IMAGES|best",
    help="The checkpoint at so many images seen, or the best one.  [default: the newest]",
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

prompts_option = click.option(
    "--prompts",
    multiple=True,
    metavar="NAME|FILE",
    help="A set of prompts, such as test, new_test or validation, or a file; may be repeated.  "
    "[default: validation and all that the data set has]",
)

evaluator_option = click.option(
    "--evaluator",
    "evaluators",
    multiple=True,
    metavar="NAME",
    help="Who scores; may be repeated.  [default: all that can, but distribution]",
)

seeds_option = click.option(
    "--seeds",
    type=click.IntRange(1, 1000),
    default=5,
    show_default=True,
    help="How many draws of noise each score is the mean of.",
)

judge_option = click.option(
    "--judge",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A judge made by `ganx judge train`, or in a form that the data set's plugin reads.  "
    "[default: the one that comes with the data set]",
)

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the data is, if it was moved since the training.",
)

device_option = click.option(
    "--device", default="auto", show_default=True, help="auto, cpu, cuda or cuda:N."
)
