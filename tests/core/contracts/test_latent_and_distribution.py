import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.latent import Latent, LatentPart

LATENT = Latent(
    (
        LatentPart("noise", "normal", 3),
        LatentPart("digit", "categorical", 4),
        LatentPart("style", "continuous", 2),
        LatentPart("grain", "uniform", 5),
    )
)


def test_every_part_is_drawn_as_its_kind_says() -> None:
    z = LATENT.draw(2000, np.random.default_rng(0))

    assert z.shape == (2000, 14)
    assert z.dtype == np.float32
    assert z[:, LATENT.slices["noise"]].std() == pytest.approx(1, abs=0.05)
    digit = z[:, LATENT.slices["digit"]]
    assert (digit.sum(1) == 1).all()
    assert digit.mean(0) == pytest.approx([0.25] * 4, abs=0.04)
    for name in ("style", "grain"):
        part = z[:, LATENT.slices[name]]
        assert part.min() < -0.95
        assert part.max() > 0.95
        assert part.mean() == pytest.approx(0, abs=0.05)


def test_a_latent_survives_json() -> None:
    assert Latent.from_json(LATENT.to_json()) == LATENT


def test_conditions_are_drawn_as_often_as_they_occurred() -> None:
    seen = np.array([[1, 0]] * 30 + [[1, 1]] * 10, np.uint8)
    distribution = ConditionDistribution.of(seen)

    drawn = distribution.draw(4000, np.random.default_rng(0))

    assert drawn.mean(0) == pytest.approx([1, 0.25], abs=0.03)


def test_a_distribution_survives_json() -> None:
    seen = np.array([[1, 0, 1], [0, 0, 0], [1, 0, 1]], np.uint8)
    distribution = ConditionDistribution.of(seen)

    read = ConditionDistribution.from_json(distribution.to_json())

    np.testing.assert_array_equal(read.rows, distribution.rows)
    np.testing.assert_array_equal(read.counts, distribution.counts)


def test_unconditional_data_has_one_empty_condition() -> None:
    distribution = ConditionDistribution.of(np.zeros((7, 0), np.uint8))

    assert distribution.draw(3, np.random.default_rng(0)).shape == (3, 0)


def test_another_condition_is_drawn_as_often_as_the_others_occurred() -> None:
    seen = np.array([[0, 1]] * 10 + [[1, 0]] * 60 + [[1, 1]] * 30, np.uint8)
    right = np.repeat(np.array([[0, 1], [1, 0], [1, 1]], np.float32), 4000, axis=0)

    drawn = ConditionDistribution.of(seen).draw_other(right, np.random.default_rng(0))

    assert drawn.dtype == np.float32
    shares = [part.mean(0) for part in drawn.reshape(3, 4000, 2)]
    assert shares[0] == pytest.approx([1, 1 / 3], abs=0.03)
    assert shares[1] == pytest.approx([3 / 4, 1], abs=0.03)
    assert shares[2] == pytest.approx([6 / 7, 1 / 7], abs=0.03)


BITS = st.integers(0, 1)


@given(
    st.lists(st.tuples(BITS, BITS, BITS), min_size=2, max_size=9).filter(
        lambda rows: len(set(rows)) > 1
    ),
    st.integers(0, 2**32),
)
def test_another_condition_is_never_the_same_and_always_one_of_the_training_set(
    seen: list[tuple[int, int, int]], seed: int
) -> None:
    rows = np.array(seen, np.uint8)
    right = np.resize(rows, (40, 3)).astype(np.float32)

    drawn = ConditionDistribution.of(rows).draw_other(right, np.random.default_rng(seed))

    assert (drawn != right).any(axis=1).all()
    assert {tuple(row) for row in drawn.astype(int).tolist()} <= set(seen)


def test_another_than_a_condition_that_never_occurred_is_any() -> None:
    seen = np.array([[0, 1], [1, 0]], np.uint8)
    unknown = np.ones((200, 2), np.float32)

    drawn = ConditionDistribution.of(seen).draw_other(unknown, np.random.default_rng(0))

    assert drawn.mean(0) == pytest.approx([0.5, 0.5], abs=0.15)
