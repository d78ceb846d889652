"""One value of a table: text, or a list of texts."""

from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias
from unicodedata import normalize

from ganx import DataError
from ganx_folder.naming import place

Cell: TypeAlias = str | tuple[str, ...]
"""Text, empty where nothing is said; or a list of texts, from JSON."""


def read_cell(value: Any, path: Path, line: int, column: str) -> Cell:
    """Read a value of CSV or JSON. Raises ``DataError`` for what is neither text nor a list."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return tuple(_scalar(one, path, line, column) for one in value)
    return _scalar(value, path, line, column)


@lru_cache(maxsize=1 << 16)
def clean(text: str) -> str:
    """Drop the spaces around a text and compose its letters.

    A name typed on one system and stored on another then is the same name. The cache makes the
    equal texts of a large table one object.
    """
    return normalize("NFC", text.strip())


def _scalar(value: Any, path: Path, line: int, column: str) -> str:
    """Write a single JSON value as text; null says nothing."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return clean(str(value))
    raise DataError(
        f"{place(path, line)}: the column {column!r} has {value!r}, which is neither a value nor a "
        "list of values. Correct it, or name the columns to be read with dataset.columns."
    )
