"""Names by which tables of labels, and columns that name images, are known: all in one place."""

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

ENDINGS = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".txt")
"""Endings, in small letters, of files that may be tables."""

SURE = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
"""Those that say nothing but tables."""

SPREADSHEETS = (".xlsx", ".xls", ".ods")
"""Endings of tables that are named, and never read."""

_STEMS = ("metadata", "labels", "label", "annotations", "annotation", "attributes", "dataset")
"""With any ending but .txt: a ``labels.txt`` mostly lists the names of classes."""

_OF_TOOLS = ("list_attr_celeba.txt", "list_attr_celeba.csv", "_classes.csv")
"""CelebA's attributes, as published and as a CSV file, and the labels of Roboflow's exports."""

FALLBACKS = frozenset({"identity_celeba.txt", "identity_celeba.csv"})
"""Read where no other table lies: CelebA has its identities beside its attributes."""

USUAL = FALLBACKS.union(
    _OF_TOOLS, (stem + ending for stem in _STEMS for ending in ENDINGS if ending != ".txt")
)
"""The names, in small letters, under which a table is read without being asked for."""

FILE_NAME = "filename"
"""The name of the column of files that goes before all others, as ``plain_name`` writes it."""

FILE_COLUMNS = frozenset(
    f"{what}{of}" for what in ("image", "img", "file") for of in ("", "id", "name", "path", "file")
) | {"path", "fname", "imagefilename", "imagefilepath"}
"""Other names of that column; there may be one of them."""

ID_COLUMNS = frozenset({"id", "name"})
"""Its names where there is none of the others, as they often say something else."""

INDEX_COLUMNS = frozenset({"", "unnamed:0", "index", "idx", "id"})
"""Names of columns that may just count the rows; pandas writes one without a name."""


def is_table(name: str) -> bool:
    """Tell whether a file may be a table."""
    return PurePosixPath(name).suffix.lower() in ENDINGS + SPREADSHEETS


def is_usual(name: str) -> bool:
    """Tell whether a file has one of the usual names, in any case of letters."""
    return PurePosixPath(name).name.lower() in USUAL


def is_celeba(name: str) -> bool:
    """Tell whether a table is one of CelebA's."""
    return PurePosixPath(name).stem.lower() in {"list_attr_celeba", "identity_celeba"}


def plain_name(column: str) -> str:
    """Write the name of a column without what people write in different ways."""
    return re.sub(r"[\s_-]", "", column).lower()


def names_files(column: str) -> bool:
    """Tell whether a column has a usual name of the column that names images."""
    plain = plain_name(column)
    return plain in FILE_COLUMNS | ID_COLUMNS | {FILE_NAME} or plain.endswith(FILE_NAME)


def packed(names: Sequence[str]) -> str:
    """Say what to do with files that may hold the images, if there are any; else nothing."""
    for endings, what, remedy in _PACKED:
        found = next((name for name in names if name.lower().endswith(endings)), None)
        if found:
            return f" {what} such as {found} are not read: {remedy}."
    return ""


def is_typed(source: str) -> bool:
    """Tell whether a table has lists and numbers of its own, not only text."""
    return PurePosixPath(source).suffix.lower() in {".json", ".jsonl", ".ndjson", ".parquet"}


def place(path: Path, line: int) -> str:
    """Name a row of a table for people."""
    return f"{path}, {_UNITS.get(path.suffix.lower(), 'line')} {line}"


_UNITS = {".json": "entry", ".parquet": "row"}

_PACKED = (
    (
        (".parquet", ".arrow"),
        "Images inside a file",
        "write them out as files, with their labels in a table beside them",
    ),
    ((".zip",), "Archives in a folder", "name the archive itself as the folder"),
    (
        (".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar"),
        "Archives of other kinds than zip",
        "unpack them",
    ),
)
