"""``ganx train``."""

from pathlib import Path
from typing import Any

import click

from ganx_cli.commands.options import data_option, device_option, set_option
from ganx_cli.state import current_state

EXAMPLES = """\b
A first run, about five minutes on two CPU cores:
  ganx train --plugin sagan --dataset iclevr --images 10000 \\
      --set dataset.size=3000

\b
The whole recipe, on your copy of the data:
  ganx train --recipe sagan-bce --data path/to/iclevr

\b
Another loss, a wider model; first see what that would be:
  ganx train --plugin sagan --dataset iclevr --set model.width=96 \\
      --loss "wasserstein + 10*gradient-penalty" --dry-run

\b
Repeat a run with another seed:
  ganx train --config runs/00000-sagan-iclevr/config.toml --seed 1

\b
Teach a trained model your own labels; those of the same name are known:
  ganx train --plugin sagan --dataset folder --data path/to/images \\
      --init-from runs/00000-sagan-iclevr

\b
Continue the newest run; train one further; its data was moved:
  ganx train --resume
  ganx train --resume runs/00000-sagan-iclevr --images 20000
  ganx train --resume runs/00000-sagan-iclevr --data path/to/iclevr

\b
Go on with another learning rate; the run is stamped with it:
  ganx train --resume --set optimizer.generator.learning_rate=1e-4

Ctrl-C saves a checkpoint and tells how to continue.
"""

_PRECISIONS = ("auto", "float32", "bfloat16", "float16")


@click.command(epilog=EXAMPLES)
@click.option(
    "--plugin",
    "--model",
    "model",
    metavar="NAME",
    help="A model by its name, such as sagan; not the plugin that brings it.",
)
@click.option("--dataset", metavar="NAME", help="The data set, such as iclevr.")
@click.option("--recipe", metavar="NAME", help="A named, complete configuration to start from.")
@click.option(
    "--loss", metavar="SUM", help='Weighted terms, such as "wasserstein + 10*gradient-penalty".'
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A TOML file of settings, such as the config.toml of a run.",
)
@set_option("Any setting, such as model.width=96")
@click.option(
    "--images",
    type=int,
    metavar="N",
    help="Train until N real images were seen, in all; whole batches.",
)
@click.option("--epochs", type=float, metavar="N", help="The same in passes over the data.")
@click.option("--batch-size", type=int, metavar="N", help="Images in one step.")
@click.option("--seed", type=int, metavar="N", help="Decides weights, order and noise.")
@device_option(default=None)
@click.option("--precision", type=click.Choice(_PRECISIONS), help="The autocast type.")
@click.option("--compile/--no-compile", "compiled", default=None, help="Use torch.compile.")
@data_option()
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
@click.option(
    "--init-from",
    metavar="RUN",
    help="Start a new run from the weights of a run, or of one of its checkpoints' folders; its "
    "labels may be others.",
)
@click.option(
    "--select-on-test",
    is_flag=True,
    help="Keep the checkpoint that is best on the test prompts, as the reports did, rather than on "
    "validation prompts; its scores are stamped.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be done, and stop.")
def train(**options: Any) -> None:
    """Train a conditional GAN, and keep everything about it in a run directory.

    Settings come from the recipe, then --config, then the options here. `ganx plugins show NAME`
    explains every setting of a model, data set or loss; --dry-run prints the result.
    """
    from ganx_cli.work.training import Request, run_training

    run_training(current_state().host, Request(**options))
