"""CSV and JSON lines as rows of values, distrusting every line of them."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from ganx import DataError, Files


@dataclass(frozen=True)
class Parsed:
    """The columns of a file and, for each row, its line and a value for each column."""

    path: Path
    columns: tuple[str, ...]
    rows: Iterable[tuple[int, tuple[Any, ...]]]


def parse(files: Files, name: str) -> Parsed:
    """Read a ``.csv`` or ``.jsonl`` file in UTF-8.

    Raises ``DataError`` naming the line where the file is not what its ending says.
    """
    path = files.root / name
    with files.open(name) as file:
        content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} is not text in UTF-8: byte {error.start} does not belong there. Save it as "
            "UTF-8."
        ) from error
    return _parse_jsonl(path, text) if path.suffix == ".jsonl" else _parse_csv(path, text)


def _parse_csv(path: Path, text: str) -> Parsed:
    """Read comma-separated values; the first line names the columns."""
    lines = _csv_lines(path, text)
    _, header = next(lines, (1, ()))
    columns = tuple(name.strip() for name in header)
    for number, name in enumerate(columns, start=1):
        if not name:
            _wrong(path, 1, f"column {number} has no name", "Name it, or remove the column")
        if name in columns[: number - 1]:
            _wrong(path, 1, f"two columns are called {name!r}", "Rename or remove one")
    return Parsed(path, columns, _as_wide_as(columns, lines, path))


def _csv_lines(path: Path, text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the rows that are not blank, each with the line that it ends on."""
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        for cells in reader:
            if any(cells):
                yield reader.line_num, tuple(cells)
    except csv.Error as error:
        _wrong(path, reader.line_num, f"this is not CSV: {error}", "Correct the line")


def _as_wide_as(
    columns: tuple[str, ...], lines: Iterator[tuple[int, tuple[str, ...]]], path: Path
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Refuse rows with more or fewer values than there are columns."""
    for line, cells in lines:
        if len(cells) != len(columns):
            what = f"there are {len(cells)} values for {len(columns)} columns"
            _wrong(path, line, what, "Correct the line; a value with a comma in it needs quotes")
        yield line, cells


def _parse_jsonl(path: Path, text: str) -> Parsed:
    """Read an object on each line; a key that some lines lack has no value there."""
    lines = enumerate(text.split("\n"), start=1)
    objects = [(line, _json_object(path, line, row)) for line, row in lines if row.strip()]
    columns = tuple(dict.fromkeys(key for _, found in objects for key in found))
    rows = ((line, tuple(map(found.get, columns))) for line, found in objects)
    return Parsed(path, columns, rows)


def _json_object(path: Path, line: int, text: str) -> dict[str, Any]:
    """Read one line."""
    try:
        found = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        _wrong(path, line, f"this is not JSON at column {error.colno}: {error.msg}", "Correct it")
    except (ValueError, RecursionError) as error:
        _wrong(path, line, f"this cannot be used: {error}", "Correct it")
    if not isinstance(found, dict):
        example = '{"file_name": "1.png", "label": "cat"}'
        _wrong(path, line, f"this is not an object such as {example}", "Correct it")
    return found


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that is there twice, of which JSON would silently keep the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"a key is there twice, of {', '.join(key for key, _ in pairs)}")
    return found


def _no_number(name: str) -> NoReturn:
    """Refuse NaN and the infinities, which JSON does not have."""
    raise ValueError(f"{name} is no value of JSON")


def _wrong(path: Path, line: int, what: str, remedy: str) -> NoReturn:
    """Say what is wrong with a line and what to do about it."""
    raise DataError(f"{path}, line {line}: {what}. {remedy}.")
