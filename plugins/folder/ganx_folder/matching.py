"""Finding the image that each row of a table names."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ganx import DataError
from ganx_folder.finding import Finder, Found
from ganx_folder.layout import Layout
from ganx_folder.names import common_folder
from ganx_folder.naming import place
from ganx_folder.partition import read_partition
from ganx_folder.records import Record, Records, has_class_folders, sorted_records
from ganx_folder.split_names import SPLITS, split_named
from ganx_folder.tables import Row, Table, read_table


class _Source(NamedTuple):
    """A table, and where the images lie that it may name."""

    table: Table
    folder: str
    split: str
    """That of all its images, where nothing else says it."""


def records_of_tables(layout: Layout, wanted: Sequence[str] | None) -> Records:
    """Read the table of the tree, or those of its splits, and find the images of its rows.

    Raises ``DataError`` for rows whose image is not there or was named before, for tables with
    different columns, and for splits that are wrong.
    """
    sources = _read(layout, wanted)
    first = sources[0].table
    rows: list[Record] = []
    remarks = list(dict.fromkeys(said for source in sources for said in source.table.remarks))
    for source in sources:
        _check_columns(first, source.table)
        _check_split(layout, source.table)
        rows += _records(layout, source, first.columns, remarks)
    _check_repeats(rows)
    _check_training(first, rows)
    if has_class_folders(layout) and wanted != ():
        remarks.append("The folders' names are not read as classes, as the table holds.")
    return Records(
        columns=first.columns,
        rows=sorted_records(rows),
        source=first.path.name,
        tables=(
            *(source.table.path for source in sources),
            *([layout.tree.root / layout.partition] if layout.partition else []),
        ),
        left_out=len(layout.tree.images) - len(rows),
        remarks=tuple(remarks),
    )


def _read(layout: Layout, wanted: Sequence[str] | None) -> list[_Source]:
    """Read the tables."""
    files = layout.tree.files
    if layout.table:
        return [_Source(read_table(files, layout.table, wanted), layout.base, "")]
    if layout.named:
        return [
            _Source(read_table(files, name, wanted), layout.base, split)
            for split, name in layout.named.items()
        ]
    own = [part for part in layout.parts if part.table]
    return [
        _Source(read_table(files, str(part.table), wanted), common_folder(part.images), part.split)
        for part in own
    ]


def _records(
    layout: Layout, source: _Source, columns: Sequence[str], remarks: list[str]
) -> list[Record]:
    """Find the images of a table, and remark on names that are written otherwise."""
    table = source.table
    split_of = {name: part.split for part in layout.parts for name in part.images}
    divided = read_partition(layout.tree, layout.partition) if layout.partition else {}
    if table.nothing_said:
        return [
            Record(name, source.split or split_of[name], (), table.path, 0) for name in split_of
        ]
    order = [table.columns.index(name) for name in columns]
    rows, missing = [], []
    loose: dict[str, list[tuple[str, str]]] = {}
    for row, found in zip(table.rows, _find(layout, source), strict=True):
        if not found.names:
            missing.append(row)
            continue
        if len(found.names) > 1:
            raise _ambiguous(table.path, row, found.names)
        name = found.names[0]
        loose.setdefault(found.how, []).append((row.file, name))
        split = _split(table, row) or split_of[name] or source.split or divided.get(row.file, "")
        if divided and not split:
            raise DataError(
                f"{place(table.path, row.line)}: {layout.partition} does not name {row.file!r}, "
                "and divides the others. Add a line for it, or remove that file."
            )
        cells = tuple([row.cells[at] for at in order])
        rows.append(Record(name, split, cells, table.path, row.line))
    if missing:
        raise _not_there(table.path, missing, len(table.rows))
    remarks += [f"{layout.partition} divides the images into splits."] if divided else []
    remarks += [_remark(table, how, names) for how, names in loose.items() if how]
    return rows


def _find(layout: Layout, source: _Source) -> list[Found]:
    """Find the images: relative to the table, or to the folder that holds all it may name."""
    path = source.table.path
    parts = {part.split: part for part in layout.parts}
    own = parts.get(source.split) or parts.get(split_named(path.stem) or "")
    folders = [path.parent.relative_to(layout.tree.root).as_posix(), source.folder]
    folders += [own.folder] if own else []
    images = own.images if own and own.table else layout.tree.images
    return Finder(images).find([row.file for row in source.table.rows], folders)


def _remark(table: Table, how: str, names: Sequence[tuple[str, str]]) -> str:
    """Say how names were understood that are not those of the images."""
    file, name = names[0]
    count = f" ({len(names):,} rows)" if len(names) > 1 else ""
    return f"{table.path.name} names images {how}, such as {file!r} for {name}{count}."


def _split(table: Table, row: Row) -> str:
    """Read the split that a row names; empty in a table without such a column."""
    split = split_named(row.split) if row.split else ""
    if split is None:
        raise DataError(
            f"{place(table.path, row.line)}: the column 'split' has {row.split!r}. Write one of "
            f"{', '.join(SPLITS)}."
        )
    return split


def _ambiguous(path: Path, row: Row, names: Sequence[str]) -> DataError:
    """Say between which images a name does not decide."""
    return DataError(
        f"{place(path, row.line)}: {row.file!r} may be {names[0]} or {names[1]}. Write the name "
        "with its folders and its ending."
    )


def _not_there(path: Path, missing: Sequence[Row], count: int) -> DataError:
    """Say which images a table names in vain."""
    return DataError(
        f"{place(path, missing[0].line)}: there is no image {missing[0].file!r} ({len(missing):,} "
        f"of {count:,} rows name images that are not there). Names are relative to the table's "
        "folder, with '/' between their parts. Add the images, or correct or remove the rows; or "
        "name another table with dataset.table, where 'none' reads none."
    )


def _check_repeats(rows: Sequence[Record]) -> None:
    """Refuse an image that is named twice."""
    seen: dict[str, Record] = {}
    for record in rows:
        other = seen.setdefault(record.name, record)
        if other is not record:
            raise DataError(
                f"{record.place}: the image {record.name} was already named in "
                f"{other.place.removeprefix(f'{record.origin}, ')}. Keep one row for each image."
            )


def _check_columns(first: Table, table: Table) -> None:
    """Refuse tables that say different things."""
    if set(table.columns) != set(first.columns):
        raise DataError(
            f"{table.path} has the columns {', '.join(table.columns) or 'none'}, and {first.path} "
            f"has {', '.join(first.columns) or 'none'}. Give both the same, or name those to be "
            "read with dataset.columns; or name the one table to be read with dataset.table."
        )


def _check_split(layout: Layout, table: Table) -> None:
    """Refuse splits that are said twice."""
    if table.split_column and (layout.split_by_folders or layout.named):
        which = "images also lie in folders" if layout.split_by_folders else "tables also are"
        raise DataError(
            f"{table.path} has a column 'split', but the {which} named as splits. Remove the "
            "column, or rename them."
        )


def _check_training(table: Table, rows: Sequence[Record]) -> None:
    """Refuse splits of which none is trained on."""
    splits = {record.split for record in rows}
    if "train" not in splits and splits != {""}:
        raise DataError(
            f"{table.path} names no image to train on, only {', '.join(sorted(splits))}. Add rows "
            "of the split 'train'."
        )
