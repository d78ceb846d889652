"""Precision, recall, density and coverage: against plain loops, and where the answer is known."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from ganx.builtin.evaluators.neighbours import NeighbourScores, neighbour_scores

Points = NDArray[np.float64]


def by_plain_loops(real: Points, generated: Points, k: int) -> NeighbourScores:
    """Follow the papers' formulas, one pair of points after the other."""

    def radius(points: Points, i: int) -> float:
        others = [math.dist(points[i], points[j]) for j in range(len(points)) if j != i]
        return sorted(others)[k - 1]

    around_real = [radius(real, i) for i in range(len(real))]
    around_generated = [radius(generated, i) for i in range(len(generated))]
    precise = recalled = covered = inside = 0
    for y in generated:
        holding = [math.dist(x, y) <= r for x, r in zip(real, around_real, strict=True)]
        inside += sum(holding)
        precise += any(holding)
    for x, r in zip(real, around_real, strict=True):
        recalled += any(
            math.dist(x, y) <= s for y, s in zip(generated, around_generated, strict=True)
        )
        covered += any(math.dist(x, y) <= r for y in generated)
    return NeighbourScores(
        precise / len(generated),
        recalled / len(real),
        inside / (k * len(generated)),
        covered / len(real),
    )


def on_a_line(*places: float) -> Points:
    return np.array(places, float)[:, None]


@pytest.mark.parametrize("k", [1, 3, 5])
def test_scores_are_those_of_plain_loops(k: int) -> None:
    rng = np.random.default_rng(k)
    real, generated = rng.normal(size=(60, 4)), rng.normal(0.7, 0.6, size=(45, 4))
    found = neighbour_scores(real, generated, k)
    assert found == pytest.approx(by_plain_loops(real, generated, k))
    assert all(0.05 < score < 2 for score in found)


def test_equal_points_and_equal_distances_are_counted_alike() -> None:
    rng = np.random.default_rng(0)
    real = rng.integers(0, 4, size=(50, 3)).astype(float)
    generated = rng.integers(1, 5, size=(50, 3)).astype(float)
    found = neighbour_scores(real, generated, 2)
    assert found == pytest.approx(by_plain_loops(real, generated, 2))


def test_sets_of_more_than_one_block_are_counted_whole() -> None:
    rng = np.random.default_rng(1)
    real, generated = rng.normal(size=(300, 2)), rng.normal(0.5, 1, size=(270, 2))
    found = neighbour_scores(real, generated, 5)
    assert found == pytest.approx(by_plain_loops(real, generated, 5))


def test_the_answer_for_a_few_points_on_a_line_is_known() -> None:
    # Balls of real points reach 1 far, that of 0.5 reaches to 10, those of 10 and 11 reach 1 far.
    found = neighbour_scores(on_a_line(0, 1, 2, 3), on_a_line(0.5, 10, 11), 1)
    assert found == pytest.approx((1 / 3, 1, 2 / 3, 2 / 4))


def test_precision_and_recall_trade_places_with_the_sets() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.normal(size=(40, 3)), rng.normal(0.5, 1, size=(40, 3))
    found, back = neighbour_scores(one, other, 3), neighbour_scores(other, one, 3)
    assert (found.precision, found.recall) == (back.recall, back.precision)


def test_a_set_with_itself_is_all_precise_recalled_and_covered() -> None:
    points = np.random.default_rng(3).normal(size=(100, 8))
    found = neighbour_scores(points, points.copy(), 5)
    assert (found.precision, found.recall, found.coverage) == (1, 1, 1)


def test_two_samples_of_one_distribution_score_as_the_paper_expects() -> None:
    rng = np.random.default_rng(4)
    found = neighbour_scores(rng.normal(size=(2000, 16)), rng.normal(size=(2000, 16)), 5)
    assert found.density == pytest.approx(1, abs=0.05)
    assert found.coverage == pytest.approx(1 - 2**-5, abs=0.01)


def test_a_generator_that_forgets_half_loses_recall_and_coverage_alone() -> None:
    rng = np.random.default_rng(5)
    far = np.where(np.arange(400) % 2, 50.0, 0.0)[:, None]
    real = rng.normal(size=(400, 4)) + far
    generated = rng.normal(size=(400, 4))
    found = neighbour_scores(real, generated, 5)
    assert found.precision > 0.9
    assert found.recall == pytest.approx(0.5, abs=0.05)
    assert found.coverage == pytest.approx(0.5, abs=0.05)


def test_a_generator_of_one_image_has_no_recall() -> None:
    real = np.random.default_rng(6).normal(size=(200, 4))
    found = neighbour_scores(real, np.repeat(real[:1] + 0.01, 200, axis=0), 5)
    assert found.precision == 1
    assert found.recall == 0
    assert found.coverage < 0.2


def test_sets_without_k_neighbours_are_refused() -> None:
    with pytest.raises(ValueError, match="5 neighbours take sets of 6 images or more"):
        neighbour_scores(on_a_line(*range(10)), on_a_line(*range(5)), 5)
