"""CSV, TSV and lists with spaces as rows of values, distrusting every line of them."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ganx_folder.naming import names_files
from ganx_folder.parsed import Parsed, wrong
from ganx_folder.tree import IMAGE_ENDINGS

MARKS = (",", ";", "\t")
"""What may lie between columns. Spreadsheets write ``;`` where the comma is the decimal point."""

LIST_COLUMN = "class"
"""What a list of files and classes says, as it has no names of columns."""


def parse_csv(path: Path, text: str) -> Parsed:
    """Read a table whose first line names the columns; that line also tells the mark."""
    marks: Sequence[str] = ("\t",) if path.suffix.lower() == ".tsv" else MARKS
    said = re.match(r"sep=([,;\t])[ \t]*\r?\n", text, re.IGNORECASE)
    if said:  # what Excel is told; the line stays, empty, so that lines are counted rightly
        marks, text = (said[1],), f"\n{text[said.end() :]}"
    lines = _csv_lines(path, text, _mark(text, marks))
    _, header = next(lines, (1, ()))
    columns = tuple(name.strip() for name in header)
    _check_names(path, 1, columns)
    return Parsed(path, columns, _as_wide_as(columns, lines, path))


def parse_list(path: Path, text: str) -> Parsed:
    """Read a text file: CSV after all, CelebA's list of attributes, or a list of files and classes.

    In CelebA's lists the first line counts the images and the second names the attributes, which
    are -1 and 1.
    """
    mark = _mark(text, MARKS)
    if mark in _first_line(text) and _has_file_column(text, mark):
        return parse_csv(path, text)
    lines = [(line, tuple(row.split())) for line, row in enumerate(text.split("\n"), 1)]
    rows = [(line, words) for line, words in lines if words]
    counted = len(rows) > 1 and len(rows[0][1]) == 1 and rows[0][1][0].isdecimal()
    named = bool(rows) and names_files(rows[0][1][0])
    if counted and not _is_image(rows[1][1][0]):
        return _counted(path, rows)
    if named:
        _check_names(path, rows[0][0], rows[0][1])
        return Parsed(path, rows[0][1], _as_wide_as(rows[0][1], iter(rows[1:]), path))
    columns = ("file_name", LIST_COLUMN)
    for line, words in rows:
        if len(words) != len(columns) or not _is_image(words[0]):
            what = "this is neither a file and a class, such as '1.png cat', nor CelebA's list"
            wrong(path, line, what, "Write the table as CSV, with the columns' names in line 1")
    return Parsed(path, columns, rows)


def _counted(path: Path, rows: Sequence[tuple[int, tuple[str, ...]]]) -> Parsed:
    """Read CelebA's list of attributes."""
    (first, (count,)), (second, names), *images = rows
    if int(count) != len(images):
        what = f"this says that there are {count} images, and {len(images)} follow"
        wrong(path, first, what, "Correct the number if no line is missing")
    columns = ("file_name", *names)
    _check_names(path, second, columns)
    return Parsed(path, columns, _as_wide_as(columns, iter(images), path))


def _mark(text: str, marks: Sequence[str]) -> str:
    """Choose what lies between columns: the first with which one of them names the images."""
    return next((mark for mark in marks if _has_file_column(text, mark)), marks[0])


def _has_file_column(text: str, mark: str) -> bool:
    """Tell whether the first line names the column of files when it is cut at a mark."""
    cells = next(csv.reader([_first_line(text)], delimiter=mark), [])
    return any(names_files(cell.strip()) for cell in cells)


def _first_line(text: str) -> str:
    """Return the first line that is not blank."""
    return next((line for line in io.StringIO(text, newline="") if line.strip()), "").strip("\r\n")


def _csv_lines(path: Path, text: str, mark: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the rows that are not blank, each with the line that it ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        for cells in reader:
            if any(cells):
                yield reader.line_num, tuple(cells)
    except csv.Error as error:
        wrong(path, reader.line_num, f"this is not CSV: {error}", "Correct the line")


def _check_names(path: Path, line: int, columns: tuple[str, ...]) -> None:
    """Refuse columns without a name, but for the first, and two of one name."""
    for number, name in enumerate(columns, start=1):
        if not name and number > 1:
            wrong(path, line, f"column {number} has no name", "Name it, or remove the column")
        if name in columns[: number - 1]:
            wrong(path, line, f"two columns are called {name!r}", "Rename or remove one")


def _as_wide_as(
    columns: tuple[str, ...], lines: Iterator[tuple[int, tuple[str, ...]]], path: Path
) -> list[tuple[int, tuple[str, ...]]]:
    """Refuse rows with more or fewer values than there are columns."""
    rows = []
    for line, cells in lines:
        if len(cells) != len(columns):
            what = f"there are {len(cells)} values for {len(columns)} columns"
            wrong(path, line, what, "Correct the line; a value with a comma in it needs quotes")
        rows.append((line, cells))
    return rows


def _is_image(word: str) -> bool:
    """Tell whether a word has the ending of an image."""
    return word.lower().endswith(IMAGE_ENDINGS)
