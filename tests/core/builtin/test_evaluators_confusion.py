"""Which object that is seen stands for which that was asked for, and the words of labels."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from seeing import COLOURS, DIGITS, FACES, SHAPES, SOLIDS

from ganx.builtin.evaluators.confusion import confusion, confusion_table
from ganx.builtin.evaluators.factors import factors_of
from ganx.builtin.evaluators.pairing import factor_share, paired
from ganx.contracts.condition import Condition, Group

FACTORS = factors_of(SOLIDS, ("colour", "shape"))
NAMES = SOLIDS.groups[0].values

Pair = tuple[int, int]


def shared(asked: int, seen: int) -> list[bool]:
    """Tell for the colour and for the shape whether two labels have it in common."""
    pairs = zip(NAMES[asked].split(), NAMES[seen].split(), strict=True)
    return [one == other for one, other in pairs]


def merit(pairs: Sequence[Pair]) -> tuple[int, int, int]:
    """Count equal objects, factors in common, and colours in common: first things first."""
    common = [shared(*pair) for pair in pairs]
    equal = sum(all(one) for one in common)
    return equal, sum(sum(one) for one in common), sum(one[0] for one in common)


def outputs_of(seen: Sequence[int]) -> np.ndarray:
    """Write outputs of which these are the highest."""
    row = np.zeros((1, SOLIDS.size))
    row[0, list(seen)] = 1
    return row


def pairs_of(seen: Sequence[int], asked: Sequence[int]) -> list[Pair]:
    found = paired(outputs_of(seen), outputs_of(asked), FACTORS)
    return list(zip(found.asked.tolist(), found.seen.tolist(), strict=True))


def named(seen: str, asked: str) -> dict[str, str]:
    """Pair objects by name."""
    labels = [[NAMES.index(name) for name in text.split(", ")] for text in (seen, asked)]
    return {NAMES[a]: NAMES[s] for a, s in pairs_of(*labels)}


@st.composite
def two_sets(draw: st.DrawFn, most: int = 5) -> tuple[list[int], list[int]]:
    """Draw as many objects seen as asked for."""
    k = draw(st.integers(1, most))
    chosen = st.lists(st.integers(0, SOLIDS.size - 1), min_size=k, max_size=k, unique=True)
    return sorted(draw(chosen)), sorted(draw(chosen))


@settings(deadline=None, max_examples=150)
@given(two_sets())
def test_no_other_way_to_pair_agrees_better(sets: tuple[list[int], list[int]]) -> None:
    seen, asked = sets
    found = pairs_of(seen, asked)
    assert sorted(pair[0] for pair in found) == asked
    assert sorted(pair[1] for pair in found) == seen
    ways = [list(zip(asked, order, strict=True)) for order in permutations(seen)]
    assert merit(found) == max(map(merit, ways))


@settings(deadline=None, max_examples=50)
@given(st.lists(two_sets(), min_size=1, max_size=5))
def test_images_are_paired_each_for_itself(sets: list[tuple[list[int], list[int]]]) -> None:
    outputs, asked = (np.concatenate([outputs_of(one[side]) for one in sets]) for side in (0, 1))
    together = paired(outputs, asked, FACTORS)
    alone = [pair for one in sets for pair in pairs_of(*one)]
    assert sorted(zip(together.asked.tolist(), together.seen.tolist(), strict=True)) == sorted(
        alone
    )
    for number, words in enumerate(factor.of_labels for factor in FACTORS):
        right = sum(words[a] == words[s] for a, s in alone)
        assert factor_share(outputs, asked, FACTORS, number) == right / len(alone)


@settings(deadline=None, max_examples=50)
@given(st.lists(two_sets(), min_size=1, max_size=5))
def test_a_row_of_a_confusion_adds_up_to_what_was_asked_for(
    sets: list[tuple[list[int], list[int]]],
) -> None:
    outputs, asked = (np.concatenate([outputs_of(one[side]) for one in sets]) for side in (0, 1))
    pairs = paired(outputs, asked, FACTORS)
    for factor in FACTORS:
        words = factor.of_labels
        table = confusion(factor.name, factor.values, words[pairs.asked], words[pairs.seen])
        for value, *counts in table.rows:
            wanted = [value in NAMES[label].split() for label in range(SOLIDS.size)]
            assert sum(int(count or 0) for count in counts) == asked[:, wanted].sum()


def test_equal_objects_are_paired_before_any_others() -> None:
    # In the order of the labels, a colour and a shape would agree: as many as of the equal object.
    found = named("red sphere, blue sphere", "red cube, red sphere")
    assert found == {"red cube": "blue sphere", "red sphere": "red sphere"}


def test_where_colours_or_shapes_could_agree_colours_do() -> None:
    found = named("blue cube, red cone", "red cube, blue cone")
    assert found == {"red cube": "red cone", "blue cone": "blue cube"}


def test_two_factors_in_all_go_before_one_of_the_first() -> None:
    # Straight, one colour agrees; crossed, two shapes do.
    found = named("red cone, blue cube", "red cube, green cone")
    assert found == {"red cube": "blue cube", "green cone": "red cone"}


def test_of_equal_ways_the_first_in_the_order_of_the_labels_is_taken() -> None:
    found = named("blue sphere, gray sphere", "red cube, green cube")
    assert found == {"red cube": "blue sphere", "green cube": "gray sphere"}
    outputs = outputs_of([NAMES.index("blue sphere")]) + 2 * outputs_of([NAMES.index("gray cone")])
    pairs = paired(outputs, outputs_of([0, 1]), FACTORS)
    assert [NAMES[label] for label in pairs.seen] == ["blue sphere", "gray cone"]


def test_a_label_s_words_are_its_factors() -> None:
    colour, shape = FACTORS
    assert (colour.name, colour.values) == ("colour", COLOURS)
    assert (shape.name, shape.values) == ("shape", SHAPES)
    place = NAMES.index("blue cone")
    assert colour.values[colour.of_labels[place]] == "blue"
    assert shape.values[shape.of_labels[place]] == "cone"


def test_there_are_no_factors_unless_every_label_has_a_word_for_each() -> None:
    mixed = Condition("labels", (Group("object", ("red cube", "dark red cube")),))
    assert factors_of(mixed, ("colour", "shape")) == ()
    assert factors_of(SOLIDS, ()) == ()
    assert factors_of(SOLIDS, ("colour",)) == ()
    assert factors_of(DIGITS, ("value",)) == ()
    assert factors_of(FACES, ("colour",)) == ()


def test_a_confusion_may_have_other_rows_than_columns() -> None:
    table = confusion_table("t", "code", ("0", "1"), ("a", "b", "c"), np.arange(6).reshape(2, 3))
    assert (table.columns, table.kind) == (("code", "a", "b", "c"), "confusion")
    assert table.rows == [["0", 0, 1, 2], ["1", 3, 4, 5]]
