"""Where in a plugin's source an exception came from, for an author who has the source at hand."""

from collections.abc import Iterator
from pathlib import Path


def place_of(error: BaseException, module: str) -> str:
    """Return ``" at FILE:LINE"``, or nothing when no place in a file is known.

    For a ``SyntaxError`` that is the line that cannot be read; for anything else it is the
    innermost line that belongs to the package of ``module``, because what is beyond that line
    (torch, say) is seldom at fault.
    """
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return f" at {_short(error.filename)}:{error.lineno}"
    lines = list(_lines(error, module.partition(".")[0]))
    return f" at {lines[-1]}" if lines else ""


def _lines(error: BaseException, package: str) -> Iterator[str]:
    """Yield the lines of a package through which an exception came, outermost first."""
    step = error.__traceback__
    while step is not None:
        name = str(step.tb_frame.f_globals.get("__name__", ""))
        if name.partition(".")[0] == package:
            yield f"{_short(step.tb_frame.f_code.co_filename)}:{step.tb_lineno}"
        step = step.tb_next


def _short(filename: str) -> str:
    """Write a path without the name of the user in it."""
    path = Path(filename)
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else filename
