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

_QUOTED = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_LIST = re.compile(rf"\[\s*(?:{_QUOTED}(?:\s*,\s*|\s+))*(?:{_QUOTED}\s*,?\s*)?\]")
"""As Python, JSON and numpy write lists of texts; numpy has no commas between them."""


def is_several(cell: Cell, found: Records) -> bool:
    """Tell whether a cell has the form of several labels."""
    if isinstance(cell, tuple):
        return True
    return bool(found.tables) and (_is_list(cell) or any(mark in cell for mark in _marks(found)))


def separator(column: str, found: Records) -> str:
    """Find the mark between the labels of a column; empty where there is none."""
    used = ""
    for record in found.rows:
        cell = record.cells[0]
        if isinstance(cell, tuple) or _is_list(cell):
            continue
        for mark in _marks(found):
            if mark in cell and used not in {"", mark}:
                raise DataError(
                    f"{record.place}: the column {column!r} has {cell!r}, with {mark!r} "
                    f"between labels, and {used!r} in or before this line. Use one of them."
                )
            used = mark if mark in cell else used
    return used


def labels_in(cell: Cell, mark: str) -> Sequence[str]:
    """Read a cell that holds any number of labels, with a mark between them if it is a text."""
    if isinstance(cell, tuple):
        parts: Sequence[str] = cell
    elif _is_list(cell):
        parts = [_unquoted(part) for part in re.findall(_QUOTED, cell)]
    else:
        parts = cell.split(mark) if mark else [cell]
    return [part for part in map(clean, parts) if part]


def in_words(mark: str, found: Records) -> str:
    """Say how labels were told from each other, where that is not plain."""
    if mark:
        return f", with {mark!r} between them"
    lists = any(isinstance(cell, str) and _is_list(cell) for cell in _cells(found))
    return ", written as lists" if lists else ""


def _marks(found: Records) -> tuple[str, ...]:
    """Return what may separate labels in such a table; nothing does in the names of folders."""
    if not found.tables:
        return ()
    return (COMMA,) if is_typed(found.source) else (*SEPARATORS, COMMA)


def _cells(found: Records) -> list[Cell]:
    """Return the first column."""
    return [record.cells[0] for record in found.rows]


def _is_list(cell: str) -> bool:
    """Tell whether a text is a list of quoted texts."""
    return _LIST.fullmatch(cell) is not None


def _unquoted(text: str) -> str:
    """Take a text out of its quotes."""
    return re.sub(r"\\(.)", r"\1", text[1:-1])
