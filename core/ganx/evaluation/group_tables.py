"""Which classes or attributes are shown when asked for, and what is shown instead.

Shapes: outputs and asked [N, K], of all seeds.
"""

from collections.abc import Iterator

from ganx.contracts.condition import Condition
from ganx.contracts.results import Table
from ganx.evaluation.confusion import confusion, share
from ganx.judging.scores import Asked, Outputs


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
