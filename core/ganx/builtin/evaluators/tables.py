"""Which classes or attributes are shown when asked for, and what is shown instead.

Shapes: outputs and asked [N, K], of all seeds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ganx.builtin.evaluators.confusion import confusion, share
from ganx.builtin.evaluators.factors import Factor
from ganx.builtin.evaluators.pairing import Pairs, paired
from ganx.contracts.condition import Condition, Group
from ganx.contracts.results import Cell, Table
from ganx.judging.measures import (
    EXACT,
    TOP_K,
    Asked,
    Outputs,
    exact_match,
    recall_by_label,
    top_k_score,
)


def group_tables(condition: Condition, outputs: Outputs, asked: Asked) -> Iterator[Table]:
    """Yield, for each group, the accuracy by value and the confusion.

    What is seen is the highest output of the group, the first of equals.
    """
    for group in condition.groups:
        place = condition.slices[group.name]
        wanted, seen = asked[:, place].argmax(axis=1), outputs[:, place].argmax(axis=1)
        table = confusion(group.name, group.values, wanted, seen)
        yield _accuracies(group.name, table)
        yield table


def _accuracies(name: str, confused: Table) -> Table:
    """Read the accuracy of each value off a confusion."""
    rows = []
    for number, (value, *counts) in enumerate(confused.rows):
        whole = [int(count) for count in counts if count is not None]
        rows.append([value, sum(whole), whole[number], share(whole[number], sum(whole))])
    return Table(f"by {name}", (name, "asked", "right", "share"), rows)


def label_tables(
    group: Group, factors: Sequence[Factor], outputs: Outputs, asked: Asked, threshold: float
) -> Iterator[Table]:
    """Yield the tables ``by object``, by each factor and ``by number asked for``, and confusions.

    ``object`` is the name of the group of labels. Hits are those of the top-k score, ``recall``
    is how often the object is seen above the threshold; what the factors of the objects seen are
    is decided by ``paired``.
    """
    pairs = paired(outputs, asked, factors)
    by_label = _by_value(group.name, group.values, pairs.asked, pairs, factors)
    yield _with_column(by_label, "recall", recall_by_label(outputs, asked, threshold))
    for factor in factors:
        words = factor.of_labels[pairs.asked]
        yield _by_value(factor.name, factor.values, words, pairs, factors)
    yield _by_number(outputs, asked, threshold)
    for factor in factors:
        words = factor.of_labels
        yield confusion(factor.name, factor.values, words[pairs.asked], words[pairs.seen])


def _by_value(
    name: str,
    values: Sequence[str],
    places: NDArray[np.int64],
    pairs: Pairs,
    factors: Sequence[Factor],
) -> Table:
    """Tell the hits, and each factor's, of the objects asked for at each of the places [M]."""
    right = [words[pairs.asked] == words[pairs.seen] for words in (f.of_labels for f in factors)]
    hits = pairs.asked == pairs.seen
    rows: list[list[Cell]] = []
    for number, value in enumerate(values):
        here = places == number
        shown = [int((one & here).sum()) for one in (hits, *right)]
        total = int(here.sum())
        rows.append([value, total, shown[0], *(share(one, total) for one in shown)])
    heads = (name, "asked", "hits", "share", *(f"right {factor.name}" for factor in factors))
    return Table(f"by {name}", heads, rows)


def _with_column(table: Table, head: str, cells: Sequence[Cell]) -> Table:
    """Add a column at the end."""
    rows = [[*row, cell] for row, cell in zip(table.rows, cells, strict=True)]
    return replace(table, columns=(*table.columns, head), rows=rows)


def _by_number(outputs: Outputs, asked: Asked, threshold: float) -> Table:
    """Score the images of each number of objects by themselves."""
    counts = (asked > 0).sum(axis=1)
    rows: list[list[Cell]] = []
    for number in np.unique(counts).tolist():
        here = counts == number
        top_k = top_k_score(outputs[here], asked[here]) if number else None
        exact = exact_match(outputs[here], asked[here], threshold)
        rows.append([str(number), int(here.sum()), top_k, exact])
    return Table("by number asked for", ("asked for", "images", TOP_K, EXACT), rows)
