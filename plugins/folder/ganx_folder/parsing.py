"""Tables as rows of values, whatever form they have."""

import codecs
from pathlib import Path

from ganx import DataError, Files
from ganx_folder.delimited import parse_csv, parse_list
from ganx_folder.json_tables import parse_json, parse_lines
from ganx_folder.naming import SPREADSHEETS
from ganx_folder.parquet import parse_parquet
from ganx_folder.parsed import Parsed

_FORMS = {
    ".csv": parse_csv,
    ".tsv": parse_csv,
    ".txt": parse_list,
    ".json": parse_json,
    ".jsonl": parse_lines,
    ".ndjson": parse_lines,
}


def parse(files: Files, name: str) -> Parsed:
    """Read a table; its ending says which form it has. Text is in UTF-8, or in marked UTF-16.

    Raises ``DataError`` naming the line where the file is not what its ending says.
    """
    path = files.root / name
    with files.open(name) as file:
        content = file.read()
    ending = path.suffix.lower()
    if ending in SPREADSHEETS:
        raise DataError(f"{path} is a spreadsheet, which ganx does not read. Save it as CSV.")
    if ending == ".parquet":
        return parse_parquet(path, content)
    return _FORMS[ending](path, _text(path, content))


def _text(path: Path, content: bytes) -> str:
    """Decode a text."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} is not text in UTF-8: byte {error.start} does not belong there. Save it as "
            "UTF-8."
        ) from error
