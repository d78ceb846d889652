"""``ganx train``."""

from pathlib import Path
from typing import Any

import click

from ganx_cli.state import current_state

_PRECISIONS = ("auto", "float32", "bfloat16", "float16")


@click.command(short_help="Train a conditional GAN, or resume a run.")
@click.option("--plugin", "--model", "model", metavar="NAME", help="The architecture.")
@click.option("--dataset", metavar="NAME", help="The data set.")
@click.option("--recipe", metavar="NAME", help="A named, complete configuration to start from.")
@click.option("--loss", metavar="SUM", help='For example "wasserstein + 10*gradient-penalty".')
@click.option("--config", type=click.Path(path_type=Path), help="A TOML file of settings.")
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Any setting.")
@click.option("--images", type=int, help="How many real images the run trains to, in all.")
@click.option("--epochs", type=float, help="The same in passes over the training set.")
@click.option("--batch-size", type=int, help="Images in one optimizer step.")
@click.option("--seed", type=int, help="Decides weights, order and noise.")
@click.option("--device", metavar="NAME", help="auto, cpu, cuda or cuda:N.")
@click.option("--precision", type=click.Choice(_PRECISIONS), help="The autocast type.")
@click.option("--compile/--no-compile", "compiled", default=None, help="Use torch.compile.")
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="The data's folder.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs"),
    show_default=True,
    metavar="DIR",
    help="Where runs are kept.",
)
@click.option(
    "--resume",
    metavar="RUN",
    is_flag=False,
    flag_value="",
    help="Continue a run to the same bits; the newest when RUN is left out.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be done, and stop.")
def train(**options: Any) -> None:
    r"""Train a conditional GAN, and keep everything about it in a run directory.

    \b
    A first run, about five minutes on a laptop:
      ganx train --plugin sagan --dataset iclevr --images 10000 --set dataset.size=3000
    The whole recipe, on your copy of the data:
      ganx train --recipe sagan-bce --data path/to/iclevr
    Another loss, a wider model:
      ganx train --plugin sagan --dataset iclevr \
          --loss "wasserstein + 10*gradient-penalty" --set model.width=96
    Continue the newest run, up to 20,000 images:
      ganx train --resume --images 20000

    Settings come from the recipe, then --config, then the options here. `ganx plugins show NAME`
    explains every setting of a model, data set or loss; --dry-run prints them all, resolved.
    """
    from ganx_cli.train_session import Request, run_training

    run_training(current_state().host, Request(**options))
