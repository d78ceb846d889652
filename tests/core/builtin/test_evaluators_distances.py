"""Frechet and kernel distance of features: against closed forms and plain loops."""

from itertools import product

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.linalg import sqrtm

from ganx.builtin.evaluators.distances import frechet_distance, kernel_distance

Points = NDArray[np.float64]


def drawn(seed: int, count: int = 200, size: int = 5) -> Points:
    return np.random.default_rng(seed).normal(size=(count, size))


def with_moments(points: Points, mean: Points, covariance: Points) -> Points:
    """Move points so that their mean and unbiased covariance are exactly these."""
    centred = points - points.mean(axis=0)
    whitening = np.linalg.inv(np.linalg.cholesky(np.cov(centred.T)))
    return centred @ whitening.T @ np.linalg.cholesky(covariance).T + mean


def test_the_distance_of_two_normal_distributions_is_the_closed_form() -> None:
    means = np.array([[1.0, -2, 0], [0.5, 1, 3]])
    sds = np.array([[1.0, 2, 0.5], [3.0, 2, 1]])
    real, generated = (
        with_moments(drawn(seed, 100, 3), means[seed], np.diag(sds[seed] ** 2)) for seed in (0, 1)
    )
    closed = np.sum((means[0] - means[1]) ** 2) + np.sum((sds[0] - sds[1]) ** 2)
    assert frechet_distance(real, generated) == pytest.approx(closed, rel=1e-9)


def test_the_distance_of_correlated_features_is_that_of_the_matrix_square_root() -> None:
    rng = np.random.default_rng(0)
    real = drawn(0) @ rng.normal(size=(5, 5))
    generated = drawn(1) @ rng.normal(size=(5, 5)) + rng.normal(size=5)
    one, other = np.cov(real.T), np.cov(generated.T)
    apart = np.sum((real.mean(axis=0) - generated.mean(axis=0)) ** 2)
    expected = apart + np.trace(one + other - 2 * sqrtm(one @ other).real)
    assert frechet_distance(real, generated) == pytest.approx(expected, rel=1e-8)


def test_a_far_mean_does_not_drown_the_covariance() -> None:
    real, generated = drawn(0) + 1000, 2 * drawn(0) + 1000
    near = frechet_distance(real - 1000, generated - 1000)
    assert frechet_distance(real, generated) == pytest.approx(near, rel=1e-5)


def test_a_set_has_no_distance_to_itself() -> None:
    points = drawn(0, 300, 20)
    between_samples = frechet_distance(points, drawn(1, 300, 20))
    assert 0 <= frechet_distance(points, points) < 1e-6 * between_samples


def test_fewer_images_than_features_and_constant_features_have_a_distance() -> None:
    few = drawn(0, 10, 40)
    assert frechet_distance(few, few) == pytest.approx(0, abs=1e-5)
    constant = np.zeros((10, 40))
    expected = np.sum(few.mean(axis=0) ** 2) + np.trace(np.cov(few.T))
    assert frechet_distance(few, constant) == pytest.approx(expected)


def test_the_kernel_distance_is_that_of_plain_loops() -> None:
    real, generated = drawn(0, 12, 3), drawn(1, 12, 3) + 1

    def mean_kernel(one: Points, other: Points, *, distinct: bool) -> float:
        pairs = product(enumerate(one), enumerate(other))
        return float(
            np.mean([(x @ y / 3 + 1) ** 3 for (i, x), (j, y) in pairs if i != j or not distinct])
        )

    expected = (
        mean_kernel(real, real, distinct=True)
        + mean_kernel(generated, generated, distinct=True)
        - 2 * mean_kernel(real, generated, distinct=False)
    )
    # Subsets of all images are all the same.
    mean, sd = kernel_distance(real, generated, subsets=3, size=12)
    assert mean == pytest.approx(expected, rel=1e-9)
    assert sd == pytest.approx(0, abs=1e-9)


def test_the_kernel_distance_of_one_distribution_is_zero_within_its_spread() -> None:
    mean, sd = kernel_distance(drawn(0, 1000), drawn(1, 1000), subsets=20, size=250)
    assert sd > 0
    assert abs(mean) < 3 * sd


def test_the_same_features_give_the_same_figure_and_leave_global_randomness_alone() -> None:
    before = torch.random.get_rng_state()
    first = kernel_distance(drawn(0), drawn(1), subsets=5, size=50)
    torch.rand(1)
    assert kernel_distance(drawn(0), drawn(1), subsets=5, size=50) == first
    torch.random.set_rng_state(before)
    frechet_distance(drawn(0), drawn(1))
    kernel_distance(drawn(0), drawn(1), subsets=5, size=50)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_process_among_several_compares_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without a process group, anything sent to other processes would raise.
    monkeypatch.setattr(torch.distributed, "is_available", lambda: True)
    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    assert frechet_distance(drawn(0), drawn(1)) > 0
    assert kernel_distance(drawn(0), drawn(1), subsets=2, size=50)[1] > 0
