"""How a call ends: the exit code, and one message instead of a traceback."""

import errno
import os
import sys
import traceback
from collections.abc import Sequence

import click

from ganx.errors import GanxError
from ganx.files import advice
from ganx.utf8 import is_utf8, not_text, printable
from ganx_cli.remedies import in_full
from ganx_cli.state import AppState

_FULL = {errno.ENOSPC, errno.EDQUOT}

INTERRUPTED = 130
"""What shells report for a program that Ctrl-C ended: 128 + SIGINT."""


def run(cli: click.Command, args: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code: 0, 1 on errors, 2 on wrong usage.

    Nothing is raised: every exception is told on standard error, with its traceback only under
    ``--debug``.
    """
    state = AppState()
    given = sys.argv[1:] if args is None else list(args)
    try:
        _check(given)
        code = cli.main(given, prog_name="ganx", obj=state, standalone_mode=False)
        # While a closed pipe can still be told from success.
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - the last resort
        return _exit_code(error, state)
    return code if isinstance(code, int) else 0


def _check(args: Sequence[str]) -> None:
    """Refuse names that are no text before any work. Raises ``click.UsageError``."""
    for one in args:
        if not is_utf8(one):
            raise click.UsageError(not_text(one))


def _exit_code(error: BaseException, state: AppState) -> int:
    """Tell an exception to the user and choose the exit code for it."""
    match error:
        case click.Abort() | KeyboardInterrupt():
            _say("Interrupted.")
            return INTERRUPTED
        case click.ClickException():
            error.show()
            return error.exit_code
        case SystemExit():
            return _asked_for(error)
        case BrokenPipeError():
            return _broken_pipe()
    return _failed(error, state)


def _failed(error: BaseException, state: AppState) -> int:
    """Tell an error; one that ganx did not raise on purpose is called unexpected."""
    if state.debug:
        traceback.print_exception(error)
    if isinstance(error, GanxError):
        _say(in_full(error))
    elif isinstance(error, OSError) and error.errno in _FULL:
        where = f" for {error.filename}" if error.filename else ""
        _say(f"There is no space left{where} ({error.strerror}). {advice(error)}")
    elif isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":  # torch's
        _say(
            "Memory ran out. Take smaller batches or fewer images at once, or close other programs."
        )
    else:
        told = " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")
        hint = "" if state.debug else " Run `ganx --debug ...` again to see where it happened."
        _say(f"Something unexpected went wrong ({told}).{hint}")
    return 1


def _say(message: str) -> None:
    """Print an error; its mark is red on a terminal."""
    plain = bool(os.environ.get("NO_COLOR"))
    mark = "error:" if plain else click.style("error:", fg="red", bold=True)
    click.echo(f"{mark} {printable(message)}", err=True)


def _asked_for(error: SystemExit) -> int:
    """Read the exit code of a command that calls ``sys.exit``."""
    if isinstance(error.code, str):
        _say(error.code)
    return error.code if isinstance(error.code, int) else int(error.code is not None)


def _broken_pipe() -> int:
    """End quietly when the reader of a pipe went away, as ``head`` does."""
    # The interpreter flushes standard output once more when it exits; give it somewhere to go.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
