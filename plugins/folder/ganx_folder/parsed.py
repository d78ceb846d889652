"""What every form of table becomes: named columns, and rows that know where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from ganx import DataError
from ganx_folder.naming import place


@dataclass(frozen=True)
class Parsed:
    """The columns of a file and, for each row, its line and a value for each column."""

    path: Path
    columns: tuple[str, ...]
    rows: Sequence[tuple[int, tuple[Any, ...]]]
    nothing_said: bool = False
    """True where the file itself says that there are no labels; it then has no rows."""


def wrong(path: Path, line: int, what: str, remedy: str) -> NoReturn:
    """Say what is wrong with a line and what to do about it."""
    raise DataError(f"{place(path, line)}: {what}. {remedy}.")
