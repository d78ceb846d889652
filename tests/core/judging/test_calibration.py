"""The threshold of a judge of labels, and how far two judges agree."""

import numpy as np
import pytest

from ganx.contracts.condition import Condition, Group
from ganx.judging.agreement import agreement
from ganx.judging.examination import calibrated
from ganx.judging.measures import all_scores, exact_match

OBJECTS = Condition("labels", (Group("object", tuple("abc")),))
FACES = Condition("attributes", (Group("hair", ("red", "blue")), Group("eyes", ("red", "blue"))))
SHOWN = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 1, 1]])


def test_the_threshold_parts_what_is_shown_from_what_is_not() -> None:
    outputs = np.where(SHOWN, 0.3, 0.2)
    threshold = calibrated(outputs, SHOWN)
    assert 0.2 <= threshold < 0.3
    assert exact_match(outputs, SHOWN, threshold) == 1.0
    assert exact_match(outputs, SHOWN) == 0.0
    assert all_scores(OBJECTS, outputs, SHOWN, threshold)["exact match"] == 1.0


def test_of_equally_good_thresholds_the_middle_one_is_taken() -> None:
    assert calibrated(np.where(SHOWN, 0.9, 0.1), SHOWN) == pytest.approx(0.5, abs=0.011)


def test_no_other_threshold_is_better() -> None:
    rng = np.random.default_rng(0)
    shown = (rng.random((300, 3)) < 0.4).astype(int)
    outputs = np.clip(rng.normal(0.25 + 0.3 * shown, 0.1), 0, 1)
    best = exact_match(outputs, shown, calibrated(outputs, shown))
    others = [exact_match(outputs, shown, one / 100) for one in range(1, 100)]
    assert best == max(others)
    assert best > exact_match(outputs, shown)


def test_a_judge_agrees_with_itself() -> None:
    outputs = np.random.default_rng(0).random((50, 3))
    shown = np.eye(3)[np.arange(50) % 3]
    found = agreement(OBJECTS, outputs, outputs, shown)
    assert found == {"same top-k": 1.0, "same labels": 1.0, "mean difference": 0.0}


def test_labels_are_compared_by_the_highest_and_by_each_judges_threshold() -> None:
    first = np.array([[0.9, 0.1, 0.2], [0.9, 0.8, 0.1], [0.3, 0.2, 0.4], [0.1, 0.9, 0.8]])
    second = first.copy()
    second[1] = [0.9, 0.1, 0.8]  # another second label
    second[2] = [0.3, 0.2, 0.6]  # above a half, as the first judge's is not
    found = agreement(OBJECTS, first, second, SHOWN)
    assert found["same top-k"] == pytest.approx(3 / 4)
    assert found["same labels"] == pytest.approx(2 / 4)
    assert found["mean difference"] == pytest.approx((0.7 + 0.7 + 0.2) / 12)
    assert agreement(OBJECTS, first, second, SHOWN, (0.35, 0.5))["same labels"] == 3 / 4


def test_attributes_are_compared_group_by_group_and_all_at_once() -> None:
    first = np.array([[0.9, 0.1, 0.9, 0.1], [0.9, 0.1, 0.9, 0.1]])
    second = np.array([[0.6, 0.4, 0.7, 0.3], [0.6, 0.4, 0.3, 0.7]])
    found = agreement(FACES, first, second, np.zeros((2, 4)))
    assert found["same hair"] == 1.0
    assert found["same eyes"] == found["same all"] == 0.5
