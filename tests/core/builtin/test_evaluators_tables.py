"""The score of the lab, the exact match and the tables, against the rules written out."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seeing import COLOURS, DIGITS, FACES, SHAPES, SOLIDS

from ganx.builtin.evaluators.factors import factors_of
from ganx.builtin.evaluators.tables import group_tables, label_tables
from ganx.contracts.results import Cell, Table
from ganx.judging.measures import exact_match, top_k_score

OBJECTS = SOLIDS.groups[0]
FACTORS = factors_of(SOLIDS, ("colour", "shape"))
LABELS = SOLIDS.size

Rows = list[tuple[list[float], list[int]]]


@st.composite
def answers(draw: st.DrawFn) -> Rows:
    """Draw a few images: coarse outputs, so that ties abound, and what was asked for."""
    output = st.lists(st.integers(0, 4).map(lambda n: n / 4), min_size=LABELS, max_size=LABELS)
    asked = st.lists(st.integers(0, LABELS - 1), max_size=6, unique=True)
    wanted = asked.map(lambda chosen: [int(label in chosen) for label in range(LABELS)])
    return draw(st.lists(st.tuples(output, wanted), min_size=1, max_size=5))


def arrays(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows], np.float32)


def plain_hits(output: list[float], asked: list[int]) -> list[int]:
    """Return the labels that were asked for and are among the highest, the first of equals."""
    k = sum(asked)
    ranked = sorted((-value, label) for label, value in enumerate(output))
    return [label for _, label in ranked[:k] if asked[label]]


def plain_exact(output: list[float], asked: list[int], threshold: float) -> bool:
    """Tell whether the labels above the threshold are those asked for."""
    for value, wanted in zip(output, asked, strict=True):
        if (value > threshold) is not bool(wanted):
            return False
    return True


def tables(outputs: np.ndarray, asked: np.ndarray, threshold: float = 0.5) -> dict[str, Table]:
    return {one.title: one for one in label_tables(OBJECTS, FACTORS, outputs, asked, threshold)}


def column(table: Table, head: str) -> list[Cell]:
    place = list(table.columns).index(head)
    return [row[place] for row in table.rows]


def total(table: Table, head: str) -> int:
    return sum(cell for cell in column(table, head) if isinstance(cell, int))


def images(*pairs: tuple[str, str]) -> Any:
    """Write images of what is shown, held against what is asked for."""
    rows = [(SOLIDS.encode(shown), SOLIDS.encode(asked)) for shown, asked in pairs]
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])


@settings(deadline=None, max_examples=80)
@given(answers())
def test_top_k_is_the_lab_s_score_ties_included(rows: Rows) -> None:
    asked = sum(sum(row[1]) for row in rows)
    hits = sum(len(plain_hits(*row)) for row in rows)
    assert top_k_score(*arrays(rows)) == (hits / asked if asked else 0.0)


@settings(deadline=None, max_examples=50)
@given(answers(), st.sampled_from([0.1, 0.25, 0.5, 0.6, 0.9]))
def test_the_exact_match_asks_for_all_objects_and_no_other(rows: Rows, threshold: float) -> None:
    right = sum(plain_exact(output, asked, threshold) for output, asked in rows)
    assert exact_match(*arrays(rows), threshold) == right / len(rows)


@settings(deadline=None, max_examples=50)
@given(answers())
def test_hits_by_object_and_by_factor_add_up_to_those_of_the_score(rows: Rows) -> None:
    outputs, asked = arrays(rows)
    found = tables(outputs, asked)
    plain = [label for row in rows for label in plain_hits(*row)]
    by_object = found["by object"]
    assert column(by_object, "hits") == [plain.count(label) for label in range(LABELS)]
    assert column(by_object, "asked") == asked.sum(axis=0).astype(int).tolist()
    for title in ("by object", "by colour", "by shape"):
        assert total(found[title], "hits") == len(plain)
        assert total(found[title], "asked") == asked.sum()
    if plain:
        assert total(by_object, "hits") / total(by_object, "asked") == top_k_score(outputs, asked)


@settings(deadline=None, max_examples=40)
@given(answers())
def test_the_numbers_asked_for_divide_the_images(rows: Rows) -> None:
    outputs, asked = arrays(rows)
    table = tables(outputs, asked, threshold=0.8)["by number asked for"]
    assert total(table, "images") == len(rows)
    for number, count, top_k, exact in table.rows:
        own = [row for row in rows if sum(row[1]) == int(str(number))]
        assert len(own) == count
        hits = sum(len(plain_hits(*row)) for row in own)
        assert top_k == (hits / (int(str(number)) * len(own)) if number != "0" else None)
        assert exact == sum(plain_exact(*row, 0.8) for row in own) / len(own)


def test_tables_of_labels_come_in_this_order() -> None:
    found = tables(*images(("red cube", "red cube")))
    assert [(title, table.kind) for title, table in found.items()] == [
        ("by object", "shares"),
        ("by colour", "shares"),
        ("by shape", "shares"),
        ("by number asked for", "shares"),
        ("colour asked and seen", "confusion"),
        ("shape asked and seen", "confusion"),
    ]


def test_an_object_has_its_hits_and_what_is_right_of_its_factors() -> None:
    found = tables(
        *images(
            ("red cube", "red cube"),
            ("red cone", "red cube"),
            ("blue cube", "red cube"),
            ("gray cone", "red cube"),
        )
    )
    by_object = found["by object"]
    heads = ("object", "asked", "hits", "share", "right colour", "right shape")
    assert by_object.columns == (*heads, "recall")
    assert found["by colour"].columns == ("colour", *heads[1:])
    assert [row[0] for row in by_object.rows] == [f"{c} {s}" for s, c in product(SHAPES, COLOURS)]
    assert by_object.rows[0] == ["red cube", 4, 1, 0.25, 0.5, 0.5, 0.25]
    assert by_object.rows[1] == ["green cube", 0, 0, None, None, None, None]
    assert found["by colour"].rows[0] == ["red", 4, 1, 0.25, 0.5, 0.5]
    assert found["by shape"].rows[0] == ["cube", 4, 1, 0.25, 0.5, 0.5]
    assert found["by shape"].rows[2] == ["cone", 0, 0, None, None, None]


def test_the_recall_of_an_object_asks_at_the_threshold() -> None:
    outputs = np.zeros((3, LABELS))
    outputs[:, 0] = [0.3, 0.6, 0.9]  # the highest of each image, so that all are hits
    asked = np.eye(LABELS)[[0, 0, 0]]
    for threshold, recall in ((0.2, 1.0), (0.5, 2 / 3), (0.8, 1 / 3)):
        (row, *_) = tables(outputs, asked, threshold)["by object"].rows
        assert (row[3], row[-1]) == (1.0, recall)


def test_the_number_asked_for_has_both_scores() -> None:
    table = tables(
        *images(
            ("red cube", "red cube"),
            ("red cube, gray cone", "red cube"),
            ("red cube, blue cone", "red cube, gray cone"),
        )
    )["by number asked for"]
    assert table.columns == ("asked for", "images", "top-k", "exact match")
    assert table.rows == [["1", 2, 1.0, 0.5], ["2", 1, 0.5, 0.0]]


def test_confusions_say_what_was_seen_instead() -> None:
    found = tables(*images(("blue cube, red cone", "blue sphere, red cone"), ("gray cube", "")))
    shapes = found["shape asked and seen"]
    assert shapes.columns == ("shape", *SHAPES)
    assert shapes.rows == [["cube", 0, 0, 0], ["sphere", 1, 0, 0], ["cone", 0, 0, 1]]
    assert found["colour asked and seen"].rows[COLOURS.index("blue")] == ["blue", 0, 0, 1, 0]


def test_nothing_asked_for_leaves_empty_tables() -> None:
    found = tables(*images(("red cube", ""), ("", "")))
    assert found["by number asked for"].rows == [["0", 2, None, 0.5]]
    assert total(found["by object"], "asked") == 0
    assert found["colour asked and seen"].rows[0] == ["red", 0, 0, 0, 0]


def test_classes_have_an_accuracy_each_and_a_confusion() -> None:
    asked = np.eye(4)[[0, 0, 1, 2, 2, 2]]
    outputs = np.eye(4)[[0, 1, 1, 2, 2, 3]]
    shares, confused = group_tables(DIGITS, outputs, asked)
    assert (shares.title, shares.kind) == ("by digit", "shares")
    assert shares.columns == ("digit", "asked", "right", "share")
    assert shares.rows == [
        ["0", 2, 1, 0.5],
        ["1", 1, 1, 1.0],
        ["2", 3, 2, pytest.approx(2 / 3)],
        ["3", 0, 0, None],
    ]
    assert (confused.title, confused.kind) == ("digit asked and seen", "confusion")
    assert confused.rows == [
        ["0", 1, 1, 0, 0],
        ["1", 0, 1, 0, 0],
        ["2", 0, 0, 2, 1],
        ["3", 0, 0, 0, 0],
    ]


def test_attributes_have_tables_of_each_group() -> None:
    asked = np.array([FACES.encode("hair=pink, eyes=red"), FACES.encode("hair=gray, eyes=red")])
    outputs = np.array([FACES.encode("hair=gray, eyes=red"), FACES.encode("hair=gray, eyes=blue")])
    found = {table.title: table for table in group_tables(FACES, outputs, asked)}
    assert list(found) == ["by hair", "hair asked and seen", "by eyes", "eyes asked and seen"]
    assert found["hair asked and seen"].rows == [
        ["pink", 0, 0, 1],
        ["blue", 0, 0, 0],
        ["gray", 0, 0, 1],
    ]
    assert found["by eyes"].rows == [["blue", 0, 0, None], ["red", 2, 1, 0.5]]
