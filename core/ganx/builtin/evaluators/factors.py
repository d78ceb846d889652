"""What the words of a label say: ``red cube`` has a colour and a shape.

Shapes: K labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.condition import Condition


@dataclass(frozen=True)
class Factor:
    """What the words at one place of all labels have in common, such as being colours."""

    name: str
    values: tuple[str, ...]
    """The different words, in the order in which the labels first have them."""

    of_labels: NDArray[np.int64]
    """The index of each label's word, [K]."""


def factors_of(condition: Condition, names: Sequence[str]) -> tuple[Factor, ...]:
    """Return one factor for each name: word j of every label belongs to factor j.

    There are none unless the condition is of labels that all have as many words as there are
    names.
    """
    if condition.kind != "labels":
        return ()
    words = [label.split() for label in condition.groups[0].values]
    if any(len(label) != len(names) for label in words):
        return ()
    columns = zip(*words, strict=True)
    return tuple(_factor(name, column) for name, column in zip(names, columns, strict=True))


def _factor(name: str, words: Sequence[str]) -> Factor:
    """Give each different word a number."""
    values = tuple(dict.fromkeys(words))
    return Factor(name, values, np.array([values.index(word) for word in words], np.int64))
