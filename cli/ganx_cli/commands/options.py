"""Arguments and options that several commands have. ``what`` is the help of one."""

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


def output_option(
    default: str | None, what: str, *, is_file: bool = False
) -> Callable[[Command], Command]:
    """Say where a command writes; ``is_file`` refuses a folder."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=not is_file),
        default=Path(default) if default else None,
        show_default=default is not None,
        help=what,
    )


def count_option(default: int, most: int, what: str) -> Callable[[Command], Command]:
    """Say how many images a command draws."""
    return click.option(
        "-n",
        "count",
        type=click.IntRange(1, most),
        default=default,
        show_default=True,
        help=what,
    )


def seed_option(what: str, default: int | None = 0) -> Callable[[Command], Command]:
    """Say from which seed a command draws."""
    return click.option(
        "--seed",
        type=click.IntRange(0),
        default=default,
        show_default=default is not None,
        help=what,
    )


def metric_option(what: str) -> Callable[[Command], Command]:
    """Choose metrics by the beginnings of their names."""
    return click.option("--metric", "names", multiple=True, metavar="NAME", help=what)


def set_option(what: str) -> Callable[[Command], Command]:
    """Set what has no option of its own."""
    return click.option(
        "--set", "assignments", multiple=True, metavar="KEY=VALUE", help=f"{what}; may be repeated."
    )


def device_option(default: str | None = "auto") -> Callable[[Command], Command]:
    """Say where a command computes."""
    return click.option(
        "--device",
        default=default,
        show_default=default is not None,
        metavar="NAME",
        help="auto, cpu, cuda or cuda:N.",
    )


def data_option(what: str = "Where the data is.") -> Callable[[Command], Command]:
    """Say where a data set's files are."""
    return click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help=what)


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

moved_data_option = data_option("Where the data is, if it was moved since the training.")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
