"""What the columns of the images mean: a condition's vocabulary, and each image's condition.

Shapes: N images; K is the size of the condition.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganx import UNCONDITIONAL, Condition, DataError, Group, Kind
from ganx_folder.cells import Cell, clean
from ganx_folder.records import Record, Records
from ganx_folder.values import check_count, check_filled, check_name, ordered

LABEL_GROUP = "label"
"""The group of labels that are columns themselves."""

SEPARATORS = (";", "|")
"""Between the labels of one image in a CSV file; a column uses one of them."""

_TRUTH = ({"0", "1"}, {"-1", "1"}, {"false", "true"})
_TRUE = frozenset({"1", "true"})


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
        raise DataError(
            f"{found.tables[0]} has {len(found.columns)} columns of labels "
            f"({', '.join(found.columns)}), but classes are one. Name it with dataset.columns, or "
            "set dataset.kind to 'attributes'."
        )
    return _choices(kind, found)


def decide(found: Records) -> Kind:
    """Decide what the columns are, from their number and the form of their values."""
    if not found.columns:
        return "none"
    if len(found.columns) == 1:
        listed = any(_is_list(record.cells[0], found) for record in found.rows)
        return "labels" if listed else "classes"
    return "labels" if all(_is_flag(column) for column in _transposed(found)) else "attributes"


def _choices(kind: Kind, found: Records) -> Reading:
    """Read one value of each column: classes and attributes."""
    groups, blocks = [], []
    for name, column in zip(found.columns, _transposed(found), strict=True):
        check_name(name, "the name of an attribute", str(found.place), ",=")
        values = [_single(cell, name, row) for cell, row in zip(column, found.rows, strict=True)]
        group = Group(name, _vocabulary(dict(zip(values, found.rows, strict=True)), name, found))
        groups.append(group)
        position = {value: number for number, value in enumerate(group.values)}
        block = np.zeros((len(values), len(group.values)), np.uint8)
        block[np.arange(len(values)), [position[value] for value in values]] = 1
        blocks.append(block)
    if kind == "classes":
        meaning = f"classes: each image is one of {len(groups[0].values)}"
    else:
        counts = ", ".join(f"{group.name} ({len(group.values)})" for group in groups)
        meaning = f"attributes: each image has one value of {counts}"
    return Reading(Condition(kind, tuple(groups)), np.hstack(blocks), meaning)


def _listed_labels(found: Records) -> Reading:
    """Read a column with any number of labels for each image."""
    name = found.columns[0]
    mark = _separator(name, found)
    shown = [_several(record.cells[0], mark) for record in found.rows]
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
    meaning = f"labels: each image has any number of {len(values)}"
    return Reading(condition, conditions, meaning)


def _flags(found: Records) -> Reading:
    """Read columns of 0 and 1, -1 and 1, or false and true: a label each."""
    columns = _transposed(found)
    for name, column in zip(found.columns, columns, strict=True):
        check_name(name, "a label", str(found.place))
        if not _is_flag(column):
            raise _no_flag(name, column, found)
    check_count(found.columns, LABEL_GROUP, found)
    hits = [[str(cell).lower() in _TRUE for cell in column] for column in columns]
    condition = Condition("labels", (Group(LABEL_GROUP, found.columns),))
    meaning = f"labels: each image has any number of {len(columns)}, which are the columns"
    return Reading(condition, np.array(hits, np.uint8).T.copy(), meaning)


def _transposed(found: Records) -> list[tuple[Cell, ...]]:
    """Return the cells column by column."""
    return list(zip(*(record.cells for record in found.rows), strict=True))


def _vocabulary(first: dict[str, Record], column: str, found: Records) -> tuple[str, ...]:
    """Order values and refuse those that cannot be asked for; each comes with a place."""
    for value, record in first.items():
        check_name(value, f"a value of {column!r}", record.place)
    values = ordered(first)
    check_count(values, column, found)
    return values


def _single(cell: Cell, column: str, record: Record) -> str:
    """Read a cell that holds one value."""
    if isinstance(cell, tuple):
        raise DataError(
            f"{record.place}: the column {column!r} has the list {list(cell)}, where one value "
            "belongs. Name only this column with dataset.columns to read it as labels, or leave "
            "it out."
        )
    check_filled(cell, column, record)
    return cell


def _several(cell: Cell, mark: str) -> Sequence[str]:
    """Read a cell that holds any number of labels, with a mark between them if it is a text."""
    parts = cell if isinstance(cell, tuple) else cell.split(mark) if mark else [cell]
    return [part for part in map(clean, parts) if part]


def _separator(column: str, found: Records) -> str:
    """Find the mark between the labels of a CSV file; empty where there is none."""
    used = ""
    for record in found.rows if found.source.endswith(".csv") else ():
        for mark in SEPARATORS:
            if mark in record.cells[0] and used not in {"", mark}:
                raise DataError(
                    f"{record.place}: the column {column!r} has {record.cells[0]!r}, with {mark!r} "
                    f"between labels, and {used!r} in or before this line. Use one of them."
                )
            used = mark if mark in record.cells[0] else used
    return used


def _is_list(cell: Cell, found: Records) -> bool:
    """Tell whether a cell has the form of several labels."""
    if isinstance(cell, tuple):
        return True
    return found.source.endswith(".csv") and any(mark in cell for mark in SEPARATORS)


def _is_flag(column: Sequence[Cell]) -> bool:
    """Tell whether a column says yes or no."""
    values = {cell.lower() if isinstance(cell, str) else cell for cell in set(column)}
    return any(values <= truth for truth in _TRUTH)


def _no_flag(name: str, column: Sequence[Cell], found: Records) -> DataError:
    """Name the first value that keeps a column from saying yes or no."""
    known = set().union(*_TRUTH)
    wrong = next((at for at, cell in enumerate(column) if str(cell).lower() not in known), 0)
    return DataError(
        f"{found.rows[wrong].place}: the column {name!r} has {column[wrong]!r}. Several columns "
        "are labels where each has only 0 and 1, -1 and 1, or false and true. Name others with "
        "dataset.columns, or set dataset.kind to 'attributes'."
    )
