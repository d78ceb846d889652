"""Codes that were learned without labels, matched to classes."""

import numpy as np
import pytest

from ganx.builtin.evaluators.matching import match_codes
from ganx.scoring.chance import shuffled

PERMUTATION = np.array([3, 0, 4, 1, 2])


def test_a_permutation_is_found() -> None:
    codes = np.arange(500) % 5
    matching = match_codes(codes, PERMUTATION[codes], 5, 5)
    assert matching.accuracy == 1.0
    assert matching.classes == dict(enumerate(PERMUTATION.tolist()))


def test_images_that_break_the_rule_count_against_it() -> None:
    codes = np.arange(500) % 5
    seen = PERMUTATION[codes]
    seen[:50] = (seen[:50] + 1) % 5
    matching = match_codes(codes, seen, 5, 5)
    assert matching.accuracy == pytest.approx(0.9)
    assert matching.classes == dict(enumerate(PERMUTATION.tolist()))


def test_a_class_is_given_to_one_code_even_if_two_show_it() -> None:
    # Code 0 shows class 0 more often than code 1 does, which has to take class 1.
    codes = np.array([0, 0, 0, 1, 1, 1])
    seen = np.array([0, 0, 0, 0, 0, 1])
    matching = match_codes(codes, seen, 2, 2)
    assert matching.classes == {0: 0, 1: 1}
    assert matching.accuracy == pytest.approx(4 / 6)


def test_the_best_whole_beats_the_best_single_pair() -> None:
    counts = {(0, 0): 5, (0, 1): 4, (1, 0): 4}  # a greedy choice of (0, 0) would leave (1, 1): 0
    pairs = np.array([pair for pair, count in counts.items() for _ in range(count)])
    matching = match_codes(pairs[:, 0], pairs[:, 1], 2, 2)
    assert matching.classes == {0: 1, 1: 0}
    assert matching.accuracy == pytest.approx(8 / 13)


def test_codes_beyond_the_classes_have_no_partner() -> None:
    matching = match_codes(np.array([0, 1, 2, 2]), np.array([0, 0, 1, 1]), 3, 2)
    assert len(matching.classes) == 2
    assert matching.classes[2] == 1
    assert matching.accuracy == pytest.approx(0.75)


def test_matching_at_random_gains_a_little_over_chance_and_the_baseline_shows_it() -> None:
    rng = np.random.default_rng(0)
    codes, seen = rng.integers(10, size=(2, 1000))
    baseline = shuffled(lambda order: match_codes(codes[order], seen, 10, 10).accuracy, 1000, 0)
    assert 0.1 < baseline.mean < 0.15
    found = match_codes(codes, seen, 10, 10).accuracy
    assert abs(found - baseline.mean) < 4 * baseline.sd
