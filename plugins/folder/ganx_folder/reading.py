"""What the columns of the images mean: a condition's vocabulary, and each image's condition.

Shapes: N images; K is the size of the condition.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganx import UNCONDITIONAL, Condition, DataError, Group, Kind
from ganx_folder.cells import Cell
from ganx_folder.flags import empty_cells, hits, is_flag, no_flag
from ganx_folder.names import few
from ganx_folder.records import Record, Records
from ganx_folder.several import check_vectors, has_several, in_words, labels_in, separator
from ganx_folder.values import check_count, check_filled, check_name, ordered

LABEL_GROUP = "label"
"""The group of labels that are columns themselves."""


class Reading(NamedTuple):
    """What was understood."""

    condition: Condition
    conditions: NDArray[np.uint8]
    """[N, K]"""
    meaning: str
    """What the values were taken for, in a sentence; empty when there are none."""


def read_as(kind: Kind, found: Records) -> Reading:
    """Read the columns as a kind of condition.

    Raises ``DataError`` naming the place of a value that the kind does not allow.
    """
    if kind == "none" or not found.columns:
        return Reading(UNCONDITIONAL, np.zeros((len(found.rows), 0), np.uint8), "")
    if kind == "labels":
        return _listed_labels(found) if len(found.columns) == 1 else _flags(found)
    if kind == "classes" and len(found.columns) > 1:
        return _classes_of_flags(found)
    return _choices(kind, found)


def decide(found: Records) -> Kind:
    """Decide what the columns are, from their number and the form of their values."""
    if not found.columns:
        return "none"
    if len(found.columns) == 1:
        return "labels" if has_several(found) else "classes"
    return "labels" if all(is_flag(column) for column in _transposed(found)) else "attributes"


def _choices(kind: Kind, found: Records) -> Reading:
    """Read one value of each column: classes and attributes."""
    groups, blocks = [], []
    for name, column in zip(found.columns, _transposed(found), strict=True):
        check_name(name, "the name of an attribute", str(found.place), ",=")
        pairs = zip(column, found.rows, strict=True)
        for cell, row in sorted(pairs, key=lambda pair: pair[1].line):  # so the first is named
            _check_single(cell, name, row)
        values = [str(cell) for cell in column]
        first = dict(zip(values, found.rows, strict=True))
        group = Group(name, _vocabulary(first, name, found, _as_labels(name, found)))
        groups.append(group)
        position = {value: number for number, value in enumerate(group.values)}
        block = np.zeros((len(values), len(group.values)), np.uint8)
        block[np.arange(len(values)), [position[value] for value in values]] = 1
        blocks.append(block)
    if kind == "classes":
        known = groups[0].values
        meaning = f"classes: each image is one of {len(known)} ({few(known)})"
    else:
        counts = ", ".join(f"{group.name} ({len(group.values)})" for group in groups)
        meaning = f"attributes: each image has one value of {counts}"
    return Reading(Condition(kind, tuple(groups)), np.hstack(blocks), meaning)


def _listed_labels(found: Records) -> Reading:
    """Read a column with any number of labels for each image."""
    name = found.columns[0]
    mark = separator(name, found)
    shown = [labels_in(record.cells[0], mark) for record in found.rows]
    check_vectors(name, shown, found)
    first = {one: row for labels, row in zip(shown, found.rows, strict=True) for one in labels}
    values = _vocabulary(first, name, found)
    if not values:
        raise DataError(
            f"{found.tables[0]}: the column {name!r} gives no image a label. Fill it in, or set "
            "dataset.kind to 'none'."
        )
    position = {value: number for number, value in enumerate(values)}
    conditions = np.zeros((len(shown), len(values)), np.uint8)
    for row, labels in zip(conditions, shown, strict=True):
        row[[position[label] for label in labels]] = 1
    condition = Condition("labels", (Group(name, values),))
    meaning = f"labels: each image has any number of {len(values)}{in_words(mark)}"
    return Reading(condition, conditions, meaning)


def _flags(found: Records) -> Reading:
    """Read columns of 0 and 1, -1 and 1, false and true, or no and yes: a label each."""
    conditions = _hits(found)
    condition = Condition("labels", (Group(LABEL_GROUP, found.columns),))
    meaning = f"labels: each image has any number of {len(found.columns)}, which are the columns"
    if len(conditions) > 1 and (conditions.sum(axis=1) == 1).all():
        meaning += "; as each image has exactly one, dataset.kind=classes reads them as classes"
    return Reading(condition, conditions, meaning + _empty_cells(found))


def _classes_of_flags(found: Records) -> Reading:
    """Read columns of which each image has exactly one."""
    if not all(is_flag(column) for column in _transposed(found)):
        raise DataError(
            f"{found.tables[0]} has {len(found.columns)} columns of labels "
            f"({', '.join(found.columns)}), but classes are one. Name it with dataset.columns, or "
            "set dataset.kind to 'attributes'."
        )
    conditions = _hits(found)
    for row, count in zip(found.rows, conditions.sum(axis=1), strict=True):
        if count != 1:
            raise DataError(
                f"{row.place}: {count} columns say yes of the image, but classes are one. Correct "
                "the row, or set dataset.kind to 'labels'."
            )
    meaning = f"classes: each image is one of {len(found.columns)}, which are the columns"
    condition = Condition("classes", (Group(LABEL_GROUP, found.columns),))
    return Reading(condition, conditions, meaning + _empty_cells(found))


def _hits(found: Records) -> NDArray[np.uint8]:
    """Read columns that say yes or no, [N, K]."""
    columns = _transposed(found)
    for name, column in zip(found.columns, columns, strict=True):
        check_name(name, "a label", str(found.place))
        if not is_flag(column):
            raise no_flag(name, column, found)
    check_count(found.columns, LABEL_GROUP, found)
    return hits(columns)


def _empty_cells(found: Records) -> str:
    """Say how many cells were taken for no without saying it."""
    count = empty_cells(_transposed(found))
    if not count:
        return ""
    return f"; {count:,} empty cell{'s are' if count > 1 else ' is'} taken for no"


def _transposed(found: Records) -> list[tuple[Cell, ...]]:
    """Return the cells column by column."""
    return list(zip(*(record.cells for record in found.rows), strict=True))


def _vocabulary(
    first: dict[str, Record], column: str, found: Records, instead: str = ""
) -> tuple[str, ...]:
    """Order values and refuse those that cannot be asked for; each comes with a place."""
    for value, record in first.items():
        check_name(value, f"a value of {column!r}", record.place, instead=instead)
    values = ordered(first)
    check_count(values, column, found)
    return values


def _as_labels(column: str, found: Records) -> str:
    """Say how a column of a table is read that has several labels in a cell."""
    if not found.tables:
        return ""
    return (
        " If these are several labels of an image, set dataset.kind to 'labels' and "
        f'dataset.columns to ["{column}"].'
    )


def _check_single(cell: Cell, column: str, record: Record) -> None:
    """Refuse a cell that holds not exactly one value."""
    if isinstance(cell, tuple):
        raise DataError(
            f"{record.place}: the column {column!r} has the list {list(cell)}, where one value "
            "belongs. Name only this column with dataset.columns to read it as labels, or leave "
            "it out."
        )
    check_filled(cell, column, record)
