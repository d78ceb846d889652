"""Scores of outputs against what was asked for, and of shuffled conditions."""

import math
from typing import Any

import numpy as np
import pytest

from ganx.contracts.condition import Condition, Group
from ganx.contracts.results import Baseline, Figure
from ganx.judging.measures import (
    OF_LABEL_SETS,
    accuracy,
    all_scores,
    best_score,
    exact_match,
    recall_by_label,
    top_k_score,
)
from ganx.scoring.chance import shuffled, summarised

DIGITS = Condition("classes", (Group("digit", ("0", "1", "2")),))
FACES = Condition("attributes", (Group("hair", ("red", "blue")), Group("eyes", ("red", "blue"))))
OBJECTS = Condition("labels", (Group("object", ("cube", "sphere", "cylinder", "cone")),))


def rows(*values: list[float]) -> np.ndarray:
    return np.array(values, np.float64)


def plain_top_k(outputs: np.ndarray, asked: np.ndarray) -> float:
    """Follow the lab's rule row by row, without numpy's help."""
    hits = wanted = 0
    for output, row in zip(outputs.tolist(), asked.tolist(), strict=True):
        k = int(sum(row))
        best = sorted(range(len(output)), key=lambda index: -output[index])[:k]
        hits += sum(row[index] == 1 for index in best)
        wanted += k
    return hits / wanted


def test_classes_have_the_accuracy_of_the_highest_output() -> None:
    outputs = rows([0.9, 0.05, 0.05], [0.2, 0.5, 0.3], [0.6, 0.3, 0.1], [0.1, 0.1, 0.8])
    asked = np.eye(3)[[0, 1, 2, 2]]
    assert all_scores(DIGITS, outputs, asked) == {"digit": 0.75}


def test_of_equal_outputs_the_first_is_taken() -> None:
    equal = rows([0.5, 0.5])
    assert accuracy(equal, rows([1, 0])) == 1.0
    assert accuracy(equal, rows([0, 1])) == 0.0


def test_attributes_have_an_accuracy_each_and_one_for_all_at_once() -> None:
    outputs = rows([0.9, 0.1, 0.8, 0.2], [0.9, 0.1, 0.2, 0.8], [0.1, 0.9, 0.3, 0.7], [1, 0, 1, 0])
    asked = rows([1, 0, 1, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 1, 0, 1])
    assert all_scores(FACES, outputs, asked) == {"hair": 0.75, "eyes": 0.5, "all": 0.5}


def test_labels_have_the_top_k_score_and_the_exact_match() -> None:
    outputs = rows(
        [0.9, 0.1, 0.2, 0.0],  # one asked for: hit, and nothing else above a half
        [0.9, 0.8, 0.7, 0.0],  # two asked for: both hit, but a third is above a half
        [0.1, 0.4, 0.3, 0.2],  # three asked for: two hit, none above a half
    )
    asked = rows([1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0])
    scores = all_scores(OBJECTS, outputs, asked)
    assert scores["top-k"] == pytest.approx((1 + 2 + 2) / (1 + 2 + 3))
    assert scores["exact match"] == pytest.approx(1 / 3)


OUTPUTS = rows(
    [0.9, 0.1, 0.2, 0.0],  # asked for 0, seen 0
    [0.9, 0.8, 0.7, 0.0],  # asked for 0 and 1, seen 2 as well
    [0.1, 0.4, 0.3, 0.2],  # asked for three, seen none: all shares are 0
    [0.6, 0.6, 0.1, 0.9],  # asked for 2, seen three others
    [0.2, 0.5, 0.9, 0.1],  # asked for 1 and 2, seen 2: what is at the threshold is not above it
    [0.7, 0.2, 0.1, 0.1],  # asked for nothing, seen 0
    [0.1, 0.1, 0.1, 0.1],  # nothing asked for, nothing seen
)
ASKED = rows(
    [1, 0, 0, 0],
    [1, 1, 0, 0],
    [1, 1, 1, 0],
    [0, 0, 1, 0],
    [0, 1, 1, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
)


def of_sets(outputs: np.ndarray, asked: np.ndarray, threshold: float) -> list[float]:
    """Return precision, recall, F1 and Jaccard of the label sets."""
    scores = all_scores(OBJECTS, outputs, asked, threshold)
    return [scores[name] for name in OF_LABEL_SETS]


def coarse() -> tuple[np.ndarray, np.ndarray]:
    """Draw 40 images of 8 labels, some asked for nothing."""
    rng = np.random.default_rng(7)
    return rng.integers(0, 21, (40, 8)) / 20, (rng.random((40, 8)) < 0.25).astype(np.int64)


def test_sets_of_labels_are_compared_image_by_image() -> None:
    assert of_sets(OUTPUTS, ASKED, 0.5) == pytest.approx(
        [
            (1 + 2 / 3 + 0 + 0 + 1 + 0 + 0) / 7,
            (1 + 1 + 0 + 0 + 1 / 2 + 0 + 0) / 7,
            (1 + 4 / 5 + 0 + 0 + 2 / 3 + 0 + 0) / 7,
            (1 + 2 / 3 + 0 + 0 + 1 / 2 + 0 + 0) / 7,
        ]
    )


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (0.3, [0.2582738095238095, 0.6575, 0.35622113997113997, 0.24104166666666665]),
        (0.5, [0.2207738095238095, 0.41833333333333333, 0.26992063492, 0.17803571428571427]),
        (0.85, [0.2145833333333333, 0.19041666666666668, 0.1775, 0.1275]),
    ],
)
def test_sets_of_labels_have_the_scores_that_scikit_learn_gives(
    threshold: float, expected: list[float]
) -> None:
    """What scikit-learn 1.9.1 gave for ``average="samples", zero_division=0``."""
    assert of_sets(*coarse(), threshold) == pytest.approx(expected, abs=1e-9)


def test_sets_of_labels_have_the_scores_of_the_scikit_learn_that_is_here() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    for share in np.linspace(0, 1, 9):
        outputs, asked = rng.random((20, 4)), (rng.random((20, 4)) < share).astype(np.int64)
        seen = outputs > share
        how = {"average": "samples", "zero_division": 0}
        expected = [
            *metrics.precision_recall_fscore_support(asked, seen, **how)[:3],
            metrics.jaccard_score(asked, seen, **how),
        ]
        assert of_sets(outputs, asked, float(share)) == pytest.approx(expected)


def test_a_label_is_recalled_where_it_is_asked_for_and_seen() -> None:
    assert recall_by_label(OUTPUTS, ASKED) == [2 / 3, 1 / 3, 1 / 3, None]
    assert recall_by_label(OUTPUTS, ASKED, 0.25) == [2 / 3, 1.0, 2 / 3, None]


def test_how_right_a_judge_is_at_best_is_not_told_by_sets_of_labels() -> None:
    scores = {"top-k": 0.5, "exact match": 0.2, "label precision": 0.9, "label recall at 8 px": 1}
    assert best_score(scores) == 0.5
    assert best_score({}) == 1.0


def test_a_tie_at_the_kth_place_goes_to_the_lower_index() -> None:
    tied = rows([0.1, 0.5, 0.5, 0.5])
    assert top_k_score(tied, rows([0, 1, 0, 0])) == 1.0
    assert top_k_score(tied, rows([0, 0, 1, 0])) == 0.0
    assert top_k_score(tied, rows([0, 1, 0, 1])) == 0.5


def test_top_k_agrees_with_the_rule_written_out() -> None:
    rng = np.random.default_rng(3)
    outputs = rng.integers(5, size=(200, 8)) / 4  # coarse, so that ties abound
    asked = (rng.random((200, 8)) < 0.3).astype(np.float32)
    assert top_k_score(outputs, asked) == pytest.approx(plain_top_k(outputs, asked))


def test_an_output_at_the_threshold_is_not_above_it() -> None:
    assert exact_match(rows([0.5, 0.6]), rows([0, 1])) == 1.0
    assert exact_match(rows([0.5, 0.6]), rows([1, 1])) == 0.0


def test_shuffled_conditions_score_as_chance_says() -> None:
    classes = np.arange(1000) % 10
    baseline = shuffled(lambda order: float(np.mean(classes == classes[order])), 1000, seed=0)
    assert baseline.mean == pytest.approx(0.1, abs=0.005)
    # Agreements of two random orders of 10 x 100: variance N p (1 - p) N / (N - 1), of the count.
    assert baseline.sd == pytest.approx(math.sqrt(0.1 * 0.9 / 999), rel=0.25)


def test_a_shuffle_depends_on_the_seed_alone() -> None:
    def first(order: np.ndarray) -> float:
        return float(order[0])

    assert shuffled(first, 50, seed=1) == shuffled(first, 50, seed=1)
    assert shuffled(first, 50, seed=1) != shuffled(first, 50, seed=2)


def test_one_shuffle_has_no_spread_and_is_refused() -> None:
    with pytest.raises(ValueError, match="takes two shuffles or more, not 1"):
        shuffled(lambda _: 0.0, 10, seed=0, shuffles=1)


def test_a_figure_counts_standard_deviations_above_chance() -> None:
    figure = summarised("share", [0.5, 0.7], [Baseline(0.1, 0.03), Baseline(0.3, 0.04)])
    assert figure.mean == pytest.approx(0.6)
    assert figure.sd == pytest.approx(math.sqrt(0.02))
    assert figure.chance
    assert figure.chance.mean == pytest.approx(0.2)
    assert figure.chance.sd == pytest.approx(math.sqrt((0.03**2 + 0.04**2) / 2))
    assert figure.z == pytest.approx(0.4 / figure.chance.sd)


def test_a_single_draw_has_no_spread() -> None:
    figure = summarised("share", [1.0], [Baseline(0.5, 0.1)])
    assert (figure.sd, figure.draws) == (0.0, 1)


@pytest.mark.parametrize(
    ("mean", "better", "z", "is_chance"),
    [
        (0.548, "higher", 0.0, True),
        (0.9, "higher", math.inf, False),
        (0.2, "higher", -math.inf, True),
        (0.2, "lower", -math.inf, False),
        (0.9, "lower", math.inf, True),
    ],
)
def test_where_shuffling_changes_nothing_the_values_themselves_are_compared(
    mean: float, better: Any, z: float, is_chance: bool
) -> None:
    figure = Figure("share", mean, 0.0, 5, Baseline(0.548, 0.0), better)
    assert (figure.z, figure.is_chance) == (z, is_chance)


def test_a_rounding_is_neither_a_spread_nor_a_difference() -> None:
    figure = Figure("share", 0.1 + 0.2, 0.0, 5, Baseline(0.3, 1e-17))
    assert (figure.z, figure.is_chance) == (0.0, True)


def test_chance_is_beyond_twice_the_spread_of_shuffles() -> None:
    def of(mean: float) -> Figure:
        return Figure("share", mean, chance=Baseline(0.5, 0.1))

    assert of(0.69).is_chance
    assert not of(0.71).is_chance
    assert not Figure("share", 0.5).is_chance
    assert of(math.nan).is_chance


def test_a_score_that_is_the_same_in_every_draw_ignores_the_noise_unless_it_is_perfect() -> None:
    assert Figure("share", 0.5, 0.0, 5).ignores_noise
    assert not Figure("share", 0.5, 0.1, 5).ignores_noise
    assert not Figure("share", 0.5, 0.0, 1).ignores_noise
    assert not Figure("share", 1.0, 0.0, 5).ignores_noise
    assert not Figure("distance", 0.0, 0.0, 5, better="lower", is_share=False).ignores_noise
    assert Figure("distance", 1.0, 0.0, 5, better="higher", is_share=False).ignores_noise
