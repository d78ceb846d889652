"""What decides a generator's pixels, of images whose variance is known."""

import numpy as np
import pytest
import torch

from ganx.training.pixel_variance import variance_shares


def test_shares_of_what_adds_up_are_those_of_the_variances() -> None:
    rng = np.random.default_rng(0)
    of_c, of_z = rng.normal(size=(8, 1, 3, 4, 4)), 2 * rng.normal(size=(1, 8, 3, 4, 4))
    shares = variance_shares(torch.from_numpy(of_c + of_z))
    by_c, by_z = of_c.var(0, ddof=1).sum(), of_z.var(1, ddof=1).sum()
    expected = {"share of c": by_c / (by_c + by_z), "share of z": by_z / (by_c + by_z)}
    assert shares == pytest.approx({**expected, "share of both": 0.0}, abs=1e-6)


def test_shares_are_not_inflated_by_what_both_decide_together() -> None:
    rng = np.random.default_rng(0)
    pixels = (3, 100, 100)
    parts = (rng.normal(size=(8, 1, *pixels)), rng.normal(size=(1, 8, *pixels)))
    together = rng.normal(size=(8, 8, *pixels))
    shares = variance_shares(torch.from_numpy(parts[0] + 2 * parts[1] + 2 * together))
    expected = {"share of c": 1 / 9, "share of z": 4 / 9, "share of both": 4 / 9}
    assert shares == pytest.approx(expected, abs=0.01)
    alone = variance_shares(torch.from_numpy(together))
    assert alone == pytest.approx({"share of c": 0, "share of z": 0, "share of both": 1}, abs=0.005)
    assert min(alone.values()) >= 0


def test_images_that_are_all_the_same_have_no_shares() -> None:
    assert variance_shares(torch.ones(8, 8, 3, 2, 2)) == {}
