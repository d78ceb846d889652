"""Tables that say what images show: one row for each image, in any column what is said of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ganx import ConfigError, DataError, Files, nearest
from ganx_folder.cells import Cell, read_cell
from ganx_folder.naming import FILE_COLUMNS, FILE_NAME, ID_COLUMNS, INDEX_COLUMNS, place, plain_name
from ganx_folder.parsed import Parsed, wrong
from ganx_folder.parsing import parse
from ganx_folder.split_names import split_named
from ganx_folder.tree import IMAGE_ENDINGS

SPLIT_COLUMN = "split"

SPLIT_COLUMNS = frozenset({"partition", "set", "subset", "fold", "phase", "usage", "datasplit"})
"""Other names of that column, written as ``plain_name`` does."""


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
    nothing_said: bool = False
    """True where the table says that no image has a label; it then has no rows."""
    remarks: tuple[str, ...] = ()
    """What was passed over, in sentences."""


def read_table(files: Files, name: str, wanted: Sequence[str] | None) -> Table:
    """Read the columns ``wanted`` of a table (None: all of them).

    Raises ``DataError`` naming file, line and column for what cannot be read, and ``ConfigError``
    for a wanted column that is not there.
    """
    parsed = parse(files, name)
    path = parsed.path
    file = _file_column(parsed)
    split = _split_column(parsed, wanted or ())
    others = [name for name in parsed.columns if name not in {file, split}]
    counting = [] if wanted else [name for name in others if _counts_rows(parsed, name)]
    if wanted is None:
        columns = tuple(name for name in others if name not in counting)
    else:
        columns = tuple(_chosen(path, wanted, others))
    if "" in columns:
        wrong(path, 1, "column 1 has no name", "Name it, or remove the column")
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
    if not rows and not parsed.nothing_said:
        raise DataError(f"{path} names no images. Add a row for each image, or remove the file.")
    remarks = [*map(_passed_over, counting if wanted is None else ())]
    if split and split.lower() != SPLIT_COLUMN:
        remarks.append(f"The column {split!r} is read as the splits of the images.")
    return Table(path, columns, rows, split is not None, parsed.nothing_said, tuple(remarks))


def _file_column(parsed: Parsed) -> str:
    """Find the column that names the image."""
    first = [name for name in parsed.columns if plain_name(name) == FILE_NAME]
    exact = [name for name in first if name.lower() == "file_name"]
    found = exact or first
    for known in (FILE_COLUMNS, ID_COLUMNS):
        found = found or [name for name in parsed.columns if _is_one_of(name, known)]
    if not found and "" in parsed.columns and all(map(_is_image, _column(parsed, ""))):
        found = [""]
    if len(found) != 1:
        several = f"; {' and '.join(map(repr, found))} may each be it" if found else ""
        raise DataError(
            f"{parsed.path} needs one column 'file_name' that names the image in each row; its "
            f"columns are {', '.join(map(repr, parsed.columns)) or 'none'}{several}. Name it so "
            "(in a CSV file in the first line, with a comma, a semicolon or a tab between all "
            f"columns){_headless(parsed)}; or name another table with dataset.table, where 'none' "
            "reads none."
        )
    return found[0]


def _headless(parsed: Parsed) -> str:
    """Say that a first line looks like a row, if it does."""
    is_row = any(map(_is_image, parsed.columns))
    return ", above what is the first line now and looks like a row" if is_row else ""


def _split_column(parsed: Parsed, wanted: Sequence[str]) -> str | None:
    """Find the column of splits: by its name, or by a similar one if its values are all splits."""
    for name in parsed.columns:
        if name.lower() == SPLIT_COLUMN:
            return name
    for name in parsed.columns:
        if plain_name(name) in SPLIT_COLUMNS and name not in wanted:
            splits = {split_named(str(value)) for value in _column(parsed, name)}
            if None not in splits and "train" in splits:
                return name
    return None


def _is_one_of(column: str, known: frozenset[str]) -> bool:
    """Tell whether a column has one of the names; Hugging Face has ``image_file_name`` and such."""
    plain = plain_name(column)
    return plain in known or (known is FILE_COLUMNS and plain.endswith(FILE_NAME))


def _column(parsed: Parsed, name: str) -> list[Any]:
    """Return the values of a column."""
    at = parsed.columns.index(name)
    return [values[at] for _, values in parsed.rows]


def _is_image(value: Any) -> bool:
    """Tell whether a value has the ending of an image."""
    return isinstance(value, str) and value.strip().lower().endswith(IMAGE_ENDINGS)


def _counts_rows(parsed: Parsed, name: str) -> bool:
    """Tell whether a column only counts rows: all its values are different whole numbers."""
    if plain_name(name) not in INDEX_COLUMNS:
        return False
    values = [str(value).strip() for value in _column(parsed, name)]
    return len(set(values)) == len(values) and all(re.fullmatch(r"\d+", one) for one in values)


def _passed_over(name: str) -> str:
    """Say that a column was not read."""
    which = f"column {name!r}" if name else "column without a name"
    return f"The {which} only numbers the rows and is not read."


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
    """Read a cell that must hold text; a whole number may be the name of an image."""
    if type(value) is int:
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise DataError(
            f"{place(path, line)}: the column {column!r} has {value!r}, not the text that belongs "
            "there. Correct it, or remove the row."
        )
    return value.strip()
