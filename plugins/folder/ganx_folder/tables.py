"""Tables that say what images show: one row for each image, in any column what is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ganx import ConfigError, DataError, Files, nearest
from ganx_folder.cells import Cell, read_cell
from ganx_folder.parsing import Parsed, parse

FILE_COLUMNS = ("file_name", "filename", "file", "image", "image_id", "path")
"""What the column that names the image may be called, in any case of letters."""

SPLIT_COLUMN = "split"


class Row(NamedTuple):
    """One image in a table."""

    line: int
    file: str
    split: str
    """As written; empty in a table without such a column."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A table whose form is right; whether its images exist is not known yet."""

    path: Path
    columns: tuple[str, ...]
    """Those that say something of the image."""
    rows: tuple[Row, ...]
    split_column: bool


def read_table(files: Files, name: str, wanted: Sequence[str] | None) -> Table:
    """Read the columns ``wanted`` of a table (None: all of them).

    Raises ``DataError`` naming file, line and column for what cannot be read, and ``ConfigError``
    for a wanted column that is not there.
    """
    parsed = parse(files, name)
    path = parsed.path
    file = _file_column(parsed)
    split = next((name for name in parsed.columns if name.lower() == SPLIT_COLUMN), None)
    others = [name for name in parsed.columns if name not in {file, split}]
    columns = tuple(others if wanted is None else _chosen(path, wanted, others))
    positions = {name: number for number, name in enumerate(parsed.columns)}
    taken = [(name, positions[name]) for name in columns]
    rows = tuple(
        Row(
            line,
            _text(path, line, file, values[positions[file]]),
            _text(path, line, split, values[positions[split]]) if split else "",
            tuple([read_cell(values[at], path, line, name) for name, at in taken]),
        )
        for line, values in parsed.rows
    )
    if not rows:
        raise DataError(f"{path} names no images. Add a row for each image, or remove the file.")
    return Table(path, columns, rows, split is not None)


def _file_column(parsed: Parsed) -> str:
    """Find the column that names the image."""
    named = {name.lower(): name for name in parsed.columns}
    if FILE_COLUMNS[0] in named:
        return named[FILE_COLUMNS[0]]
    found = [named[name] for name in FILE_COLUMNS if name in named]
    if len(found) != 1:
        raise DataError(
            f"{parsed.path} needs one column 'file_name' that names the image in each row; its "
            f"columns are {', '.join(map(repr, parsed.columns)) or 'none'}. Name it so (in a CSV "
            "file in the first line, with commas between the columns)."
        )
    return found[0]


def _chosen(path: Path, wanted: Sequence[str], others: Sequence[str]) -> Sequence[str]:
    """Refuse wanted columns that are not there."""
    for name in wanted:
        if name not in others:
            raise ConfigError(
                f"The setting dataset.columns names {name!r}, which is no column of labels in "
                f"{path}.{nearest(name, others)} It has: {', '.join(others) or 'none'}."
            )
    return wanted


def _text(path: Path, line: int, column: str, value: Any) -> str:
    """Read a cell that must hold text."""
    if not isinstance(value, str) or not value.strip():
        raise DataError(
            f"{path}, line {line}: the column {column!r} has {value!r}, not the text that belongs "
            "there. Correct it, or remove the row."
        )
    return value.strip()
