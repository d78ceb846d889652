"""Finding the image that each row of a table names."""

import posixpath
from collections.abc import Mapping, Sequence
from pathlib import Path

from ganx import DataError
from ganx_folder.cells import clean
from ganx_folder.layout import SPLITS, Layout, common_folder, split_named
from ganx_folder.records import Record, Records, sorted_records
from ganx_folder.tables import Row, Table, read_table


def records_of_tables(layout: Layout, wanted: Sequence[str] | None) -> Records:
    """Read the table of the tree, or those of its splits, and find the images of its rows.

    Raises ``DataError`` for rows whose image is not there or was named before, for tables with
    different columns, and for splits that are wrong.
    """
    tables = _read(layout, wanted)
    first = next(iter(tables.values()))
    rows: list[Record] = []
    for folder, table in tables.items():
        _check_columns(first, table, split_by_folders=layout.split_by_folders)
        order = [table.columns.index(name) for name in first.columns]
        rows += _records(layout, folder, table, order)
    _check_training(first, rows)
    return Records(
        columns=first.columns,
        rows=sorted_records(rows),
        source=first.path.name,
        tables=tuple(table.path for table in tables.values()),
        left_out=len(layout.tree.images) - len(rows),
    )


def _read(layout: Layout, wanted: Sequence[str] | None) -> dict[str, Table]:
    """Read the tables; the key is the folder that holds all the images a table may name."""
    files = layout.tree.files
    if layout.table:
        return {layout.base: read_table(files, layout.table, wanted)}
    own = [part for part in layout.parts if part.table]
    return {common_folder(part.images): read_table(files, str(part.table), wanted) for part in own}


def _records(layout: Layout, folder: str, table: Table, order: list[int]) -> list[Record]:
    """Find the images of a table."""
    images = {clean(name): (name, part.split) for part in layout.parts for name in part.images}
    beside = table.path.parent.relative_to(layout.tree.root).as_posix()
    lines: dict[str, int] = {}
    rows, missing = [], []
    for row in table.rows:
        found = _find(images, row.file, (beside, folder))
        if found is None:
            missing.append(row)
            continue
        name, split = found
        if name in lines:
            raise DataError(
                f"{table.path}, line {row.line}: {row.file!r} was already named in line "
                f"{lines[name]}. Keep one row for each image."
            )
        lines[name] = row.line
        cells = tuple([row.cells[at] for at in order])
        rows.append(Record(name, _split(table, row) or split, cells, table.path, row.line))
    if missing:
        raise _not_there(table.path, missing, len(table.rows))
    return rows


def _find(
    images: Mapping[str, tuple[str, str]], file: str, folders: tuple[str, str]
) -> tuple[str, str] | None:
    """Look up a name: relative to the table, or to the folder that holds all images."""
    paths = (posixpath.normpath(posixpath.join(folder, file)) for folder in folders)
    return next((images[name] for name in map(clean, paths) if name in images), None)


def _split(table: Table, row: Row) -> str:
    """Read the split that a row names; empty in a table without such a column."""
    split = split_named(row.split) if row.split else ""
    if split is None:
        raise DataError(
            f"{table.path}, line {row.line}: the column 'split' has {row.split!r}. Write one of "
            f"{', '.join(SPLITS)}."
        )
    return split


def _not_there(path: Path, missing: Sequence[Row], count: int) -> DataError:
    """Say which images a table names in vain."""
    return DataError(
        f"{path}, line {missing[0].line}: there is no image {missing[0].file!r} ({len(missing):,} "
        f"of {count:,} rows name images that are not there). Names are relative to the table's "
        "folder, with '/' between their parts and with their ending. Add the images, or correct or "
        "remove the rows."
    )


def _check_columns(first: Table, table: Table, *, split_by_folders: bool) -> None:
    """Refuse tables that say different things, and splits that are said twice."""
    if set(table.columns) != set(first.columns):
        raise DataError(
            f"{table.path} has the columns {', '.join(table.columns) or 'none'}, and {first.path} "
            f"has {', '.join(first.columns) or 'none'}. Give both the same, or name those to be "
            "read with dataset.columns."
        )
    if split_by_folders and table.split_column:
        raise DataError(
            f"{table.path} has a column 'split', but the images also lie in folders named as "
            "splits. Remove the column, or rename the folders."
        )


def _check_training(table: Table, rows: Sequence[Record]) -> None:
    """Refuse splits of which none is trained on."""
    splits = {record.split for record in rows}
    if "train" not in splits and splits != {""}:
        raise DataError(
            f"{table.path} names no image to train on, only {', '.join(sorted(splits))}. Add rows "
            "of the split 'train'."
        )
