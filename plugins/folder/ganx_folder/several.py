"""Several labels in one cell: a list, or a text with marks between them."""

import re
from collections.abc import Sequence

from ganx import DataError
from ganx_folder.cells import Cell, clean
from ganx_folder.naming import is_typed
from ganx_folder.records import Records

SEPARATORS = (";", "|")
"""Between the labels of one image in a table of text; a column uses one of them, or commas."""

COMMA = ","
"""Also separates labels in tables that have lists of their own, as no label has one."""

LIST = "[]"
"""Stands for the mark between labels where a column of text has lists."""

_QUOTED = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_QUOTED_LIST = re.compile(rf"[\[({{]\s*(?:{_QUOTED}(?:\s*,\s*|\s+))*(?:{_QUOTED}\s*,?\s*)?[\])}}]")
"""As Python, JSON and numpy write lists of texts; numpy has no commas between them."""

_BARE_LIST = re.compile(r"[\[({]([^\[\](){}]*)[\])}]")
"""Anything else between brackets."""


def has_several(found: Records) -> bool:
    """Tell whether a cell of the first column has the form of several labels."""
    cells = {record.cells[0] for record in found.rows}
    marks = _marks(found)
    return any(
        isinstance(cell, tuple) or (marks and (_is_list(cell) or any(one in cell for one in marks)))
        for cell in cells
    )


def separator(column: str, found: Records) -> str:
    """Find the mark between the labels of a column, or ``LIST``; empty where there is none."""
    used = ""
    marks = _marks(found)
    for record in found.rows:
        cell = record.cells[0]
        if isinstance(cell, tuple) or not cell:
            continue
        for mark in [LIST] if marks and _is_list(cell) else marks:
            if mark != LIST and mark not in cell:
                continue
            if used not in {"", mark}:
                raise DataError(
                    f"{record.place}: the column {column!r} has {cell!r}, with {mark!r} "
                    f"between labels, and {used!r} in or before this line. Use one of them."
                )
            used = mark
    return used


def labels_in(cell: Cell, mark: str) -> Sequence[str]:
    """Read a cell that holds any number of labels, with a mark between them if it is a text."""
    if isinstance(cell, tuple):
        parts: Sequence[str] = cell
    elif mark == LIST:
        parts = _listed(cell)
    else:
        parts = cell.split(mark) if mark else [cell]
    return [part for part in map(clean, parts) if part]


def in_words(mark: str) -> str:
    """Say how labels were told from each other in text."""
    if mark == LIST:
        return ", written as lists"
    return f", with {mark!r} between them" if mark else ""


def check_vectors(column: str, shown: Sequence[Sequence[str]], found: Records) -> None:
    """Refuse lists such as 0, 0, 1, which are a number for each label and not labels."""
    if set().union(*shown) <= {"0", "1", "0.0", "1.0"}:
        for labels, record in zip(shown, found.rows, strict=True):
            if list(labels) != sorted(set(labels)):
                raise DataError(
                    f"{record.place}: the column {column!r} has the numbers {', '.join(labels)}, "
                    "which do not name labels. Write the names of the labels, or a column of 0 "
                    "and 1 for each."
                )


def _marks(found: Records) -> tuple[str, ...]:
    """Return what may separate labels in such a table; nothing does in the names of folders."""
    if not found.tables:
        return ()
    return (COMMA,) if is_typed(found.source) else (*SEPARATORS, COMMA)


def _is_list(cell: str) -> bool:
    """Tell whether a text is a list; a single word in brackets alone is none."""
    bare = _BARE_LIST.fullmatch(cell)
    return bool(_QUOTED_LIST.fullmatch(cell) or (bare and COMMA in cell))


def _listed(cell: str) -> list[str]:
    """Read a list; a text among lists is the one label that it is."""
    if _QUOTED_LIST.fullmatch(cell):
        quoted = re.findall(_QUOTED, cell)
        return [re.sub(r"\\(.)", r"\1", text[1:-1]) for text in quoted]
    bare = _BARE_LIST.fullmatch(cell)
    return bare[1].split(COMMA) if bare else [cell]
