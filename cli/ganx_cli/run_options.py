"""The argument and options of every command that takes a trained run."""

from pathlib import Path

import click

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

runs_option = click.option(
    "--runs",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="Where runs are looked for.",
)
