"""What plugins raise: kept from ending ganx, and told with its place in the plugin's source."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def contained(tell: Callable[[BaseException], object]) -> Iterator[None]:
    """Hand whatever the code inside raises to ``tell``, ``SystemExit`` included.

    Only ``KeyboardInterrupt`` gets through: one that a plugin raises itself looks like the user's
    Ctrl-C, and to end on it is the lesser evil.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - isolation: a stranger's code may raise anything
        tell(error)


def told(error: BaseException) -> str:
    """Tell an exception as ``Type: message`` on one line."""
    message = ""
    with contained(lambda _: None):  # its text is the stranger's code, too
        message = " ".join(str(error).split())
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def place_of(error: BaseException, module: str) -> str:
    """Return ``" at FILE:LINE"``, or nothing when no place in a file is known.

    For a ``SyntaxError`` that is the line that cannot be read; for anything else it is the
    innermost line that belongs to the package of ``module``, because what is beyond that line
    (torch, say) is seldom at fault.
    """
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return f" at {_short(error.filename)}:{error.lineno}"
    package = module.partition(".")[0]
    lines = [
        f"{_short(frame.f_code.co_filename)}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] == package
    ]
    return f" at {lines[-1]}" if lines else ""


def _short(filename: str) -> str:
    """Write a path without the name of the user in it."""
    path = Path(filename)
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else filename
