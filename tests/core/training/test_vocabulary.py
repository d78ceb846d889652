"""Labels of one vocabulary in another, by name."""

import pytest

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.training.vocabulary import matched, told_labels

ANIMALS = Condition("classes", (Group("animal", ("cat", "dog", "owl")),))
FACES = Condition("attributes", (Group("hair", ("pink", "blue")), Group("eyes", ("blue", "red"))))


@pytest.mark.parametrize(
    ("former", "condition", "places"),
    [
        (ANIMALS, ANIMALS, (0, 1, 2)),
        (ANIMALS, Condition("labels", (Group("animal", ("owl", "bat", "cat")),)), (2, None, 0)),
        # Another name of the group: the values are enough.
        (ANIMALS, Condition("classes", (Group("class", ("dog", "cat")),)), (1, 0)),
        (FACES, Condition("attributes", tuple(reversed(FACES.groups))), (2, 3, 0, 1)),
        # Of a group that both have, a value is not looked for in another.
        (
            FACES,
            Condition("attributes", (Group("hair", ("red",)), Group("eyes", ("pink", "red")))),
            (None, None, 3),
        ),
        # One of two: which blue is meant cannot be told.
        (FACES, Condition("classes", (Group("colour", ("blue", "red")),)), (None, 3)),
        (UNCONDITIONAL, ANIMALS, (None, None, None)),
        (ANIMALS, UNCONDITIONAL, ()),
    ],
)
def test_labels_are_matched_by_name(
    former: Condition, condition: Condition, places: tuple[int | None, ...]
) -> None:
    assert matched(former, condition) == places


def test_the_first_few_labels_of_each_kind_are_named() -> None:
    many = Condition("labels", (Group("thing", tuple("abcdef")),))
    few = Condition("labels", (Group("thing", ("f", "x")),))
    assert told_labels(many, few, matched(many, few)) == [
        "1 known (f)",
        "1 new (x)",
        "5 left out (a, b, c, and 2 more)",
    ]
    assert told_labels(FACES, FACES, (None, 1, 2, 3))[1:] == [
        "1 new (hair=pink)",
        "1 left out (hair=pink)",
    ]
