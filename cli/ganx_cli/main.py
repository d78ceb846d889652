"""The ``ganx`` command and its own options."""

import os
import platform
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

import click

from ganx.version import __version__
from ganx_cli.ending import run
from ganx_cli.lazy import LazyGroup
from ganx_cli.own_commands import COMMANDS
from ganx_cli.state import AppState

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
  GANX_PLUGINS=a,b         load only these plugins or distributions, and ganx's own
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
    help="Leave a plugin out, or all of a distribution; may be repeated.",
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
    for name in ("stdout", "stderr"):
        # Python has None where the shell closed it.
        nowhere = Path(os.devnull)
        stream = getattr(sys, name) or nowhere.open("w", encoding="utf-8")
        _show_anything(stream)
        setattr(sys, name, stream)
    sys.exit(run(cli, args))


def _show_anything(stream: Any) -> None:
    """Have a stream write what its encoding lacks as escapes, in place of failing."""
    if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
        stream.reconfigure(errors="backslashreplace")
