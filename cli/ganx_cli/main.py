"""The ``ganx`` command: its own options, and the table of its commands."""

import platform
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from ganx.version import __version__
from ganx_cli.errors import run
from ganx_cli.lazy import LazyCommand, LazyGroup
from ganx_cli.state import AppState

COMMANDS = {
    "train": LazyCommand("ganx_cli.train:train", "Train a model on a data set."),
    "sample": LazyCommand("ganx_cli.sample:sample", "Draw images from a trained model."),
    "traverse": LazyCommand("ganx_cli.traverse:traverse", "Run through a code or the noise."),
    "interpolate": LazyCommand("ganx_cli.interpolate:interpolate", "Morph images into others."),
    "plot": LazyCommand("ganx_cli.plot:plot", "Draw the curves of a run."),
    "metrics": LazyCommand("ganx_cli.metrics:metrics", "Write a run's metrics as a table."),
    "report": LazyCommand("ganx_cli.report:report", "Write a page that shows a run."),
    "evaluate": LazyCommand("ganx_cli.evaluate:evaluate", "Score a trained model."),
    "compare": LazyCommand("ganx_cli.compare:compare", "Put runs side by side."),
    "judge": LazyCommand("ganx_cli.judge:judge", "Train and examine judges."),
    "export": LazyCommand("ganx_cli.export:export", "Write a trained model as one portable file."),
    "datasets": LazyCommand("ganx_cli.datasets:datasets", "Show data sets and what they hold."),
    "plugins": LazyCommand("ganx_cli.plugins:plugins", "Show what is installed and its settings."),
    "doctor": LazyCommand("ganx_cli.doctor:doctor", "Show what this machine offers."),
}

EXAMPLES = """\b
Examples:
  ganx plugins                                  what is installed
  ganx plugins show sagan                       every setting of a model
  ganx train --plugin sagan --dataset iclevr    train it
  ganx sample --labels "red cube" -n 16         draw from the newest run
  ganx export --format onnx                     ship the newest run
  ganx --block mynet plugins                    leave a plugin out

\b
Environment:
  GANX_PLUGINS=a,b         load only these plugins, and ganx's own
  GANX_STRICT_PLUGINS=1    the same as --strict-plugins
  GANX_CACHE=FOLDER        where decoded and rendered images are kept
  GANX_MEASURE=0           decide automatic precision by the hardware's word
"""


def _remember(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Put an option into the state as soon as it is read, so that ``--help`` heeds it too."""
    assert option.name is not None
    setattr(ctx.ensure_object(AppState), option.name, value)


@click.group(
    "ganx",
    cls=LazyGroup,
    table=COMMANDS,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(
    __version__,
    prog_name="ganx",
    message=f"%(prog)s %(version)s (Python {platform.python_version()})",
)
@click.option(
    "--block",
    metavar="NAME",
    multiple=True,
    is_eager=True,
    expose_value=False,
    callback=_remember,
    help="Leave a plugin out; may be repeated.",
)
@click.option(
    "--strict-plugins",
    "strict",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_remember,
    help="Stop when anything is wrong with a plugin.",
)
@click.option(
    "--debug",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_remember,
    help="Show the traceback of an error.",
)
def cli() -> None:
    """Train, compare and ship conditional GANs.

    Every model, data set, loss and export format is a plugin.
    """


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run ``ganx`` with these arguments (default: the process's own) and exit."""
    sys.exit(run(cli, args))
