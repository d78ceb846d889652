"""Parquet as rows of values; only this needs pyarrow, which is not installed with the plugin."""

import json
from pathlib import Path
from typing import Any

from ganx import DataError
from ganx_folder.parsed import Parsed


def parse_parquet(path: Path, content: bytes) -> Parsed:
    """Read a Parquet file; numbers of Hugging Face's class labels become their names.

    Raises ``DataError`` where pyarrow is missing, for a damaged file, and for one that holds the
    images themselves.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise DataError(
            f"{path} is a Parquet file, and reading it needs pyarrow: pip install pyarrow. Or "
            "write it as CSV, with the file names in a column 'file_name'."
        ) from error
    try:
        table = parquet.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError) as error:
        raise DataError(
            f"{path} is not Parquet: {error}. Write it anew.".replace("\n", " ")
        ) from error
    for field in table.schema:
        if _holds_files(pa, field.type):
            raise DataError(
                f"{path} holds the images themselves, in the column {field.name!r}, and ganx does "
                "not read images inside a Parquet file. Write them out as files, with their labels "
                "in a table beside them."
            )
    names = _class_names(table.schema.metadata or {})
    columns = [
        [_named(value, names.get(name, ())) for value in table.column(name).to_pylist()]
        for name in table.column_names
    ]
    rows = enumerate(zip(*columns, strict=True), start=1)
    return Parsed(path, tuple(table.column_names), list(rows))


def _holds_files(pyarrow: Any, kind: Any) -> bool:
    """Tell whether values of this type are files: bytes, alone or with a path."""
    if pyarrow.types.is_struct(kind):
        return any(_holds_files(pyarrow, field.type) for field in kind)
    return bool(pyarrow.types.is_binary(kind) or pyarrow.types.is_large_binary(kind))


def _class_names(metadata: dict[bytes, bytes]) -> dict[str, list[str]]:
    """Read the names of classes that Hugging Face's library keeps with the columns."""
    try:
        features = json.loads(metadata[b"huggingface"])["info"]["features"]
        found = {name: _names_in(feature) for name, feature in features.items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}
    return {name: names for name, names in found.items() if names}


def _names_in(feature: Any) -> list[str]:
    """Find the names of a feature that is a class label, or a list of them."""
    inner = feature[0] if isinstance(feature, list) and feature else feature
    if not isinstance(inner, dict):
        return []
    if inner.get("_type") == "ClassLabel":
        return list(inner.get("names", ()))
    return _names_in(inner.get("feature"))


def _named(value: Any, names: "list[str] | tuple[str, ...]") -> Any:
    """Write a number of a class, or each of a list, as its name; no number says nothing."""
    if isinstance(value, list):
        return [_named(one, names) for one in value]
    if value != value:  # noqa: PLR0124 # not a number: what pandas has for nothing
        return None
    return names[value] if names and isinstance(value, int) and 0 <= value < len(names) else value
