"""How often images are drawn under ``dataset.balance``, against the rules written out."""

import numpy as np
import pytest

from ganx.contracts.condition import Condition, Group
from ganx.contracts.distribution import ConditionDistribution
from ganx.data.balance import balanced_shares, drawn_conditions, told
from ganx.data.order import EpochOrder
from ganx.randomness import keyed_rng

COUNTS = np.array([900, 90, 10])
CLASSES = np.repeat(np.eye(3, dtype=np.uint8), COUNTS, axis=0)


def label_shares(conditions: np.ndarray, balance: float) -> np.ndarray:
    """Return in which share of the draws each label is."""
    found: np.ndarray = balanced_shares(conditions, balance) @ conditions
    return found


@pytest.mark.parametrize("balance", [0.0, 0.25, 0.5, 1.0])
def test_classes_are_drawn_by_a_power_of_their_count(balance: float) -> None:
    """Kang et al., arXiv:1910.09217, equation 1, with q = 1 - balance."""
    expected = COUNTS ** (1 - balance) / (COUNTS ** (1 - balance)).sum()
    assert label_shares(CLASSES, balance) == pytest.approx(expected)


def test_of_several_labels_the_rarest_decides() -> None:
    conditions = np.array([[1, 0, 0]] * 6 + [[1, 1, 0]] * 3 + [[1, 1, 1]], np.uint8)
    shares = balanced_shares(conditions, 1.0)
    # Frequencies are 1, 0.4 and 0.1.
    weights = np.array([1.0] * 6 + [2.5] * 3 + [10.0])
    assert shares == pytest.approx(weights / weights.sum())
    halved = balanced_shares(conditions, 0.5)
    assert halved == pytest.approx(np.sqrt(weights) / np.sqrt(weights).sum())


def test_attributes_are_weighed_by_the_rarest_of_their_values() -> None:
    conditions = np.array([[1, 0, 1, 0]] * 7 + [[0, 1, 1, 0]] * 2 + [[1, 0, 0, 1]], np.uint8)
    weights = np.array([10 / 8] * 7 + [5.0] * 2 + [10.0])  # values of 8, 2, 9 and 1 images
    assert balanced_shares(conditions, 1.0) == pytest.approx(weights / weights.sum())


def test_images_without_a_label_keep_their_share() -> None:
    conditions = np.concatenate([np.zeros((500, 3), np.uint8), CLASSES])
    shares = balanced_shares(conditions, 1.0)
    assert shares[:500].sum() == pytest.approx(1 / 3)
    assert (shares @ conditions) == pytest.approx([2 / 9] * 3)
    assert balanced_shares(np.zeros((4, 2), np.uint8), 1.0) == pytest.approx([1 / 4] * 4)


def test_a_label_that_no_image_shows_changes_nothing() -> None:
    wider = np.pad(CLASSES, ((0, 0), (0, 1)))
    np.testing.assert_array_equal(balanced_shares(wider, 0.7), balanced_shares(CLASSES, 0.7))


def test_a_pass_has_each_image_as_often_as_its_share_says_rounded_up_or_down() -> None:
    shares = balanced_shares(CLASSES, 1.0)
    order = EpochOrder(3, len(shares), shares)
    passes = [np.bincount(order.permutation(epoch), minlength=len(shares)) for epoch in range(40)]
    for counts in passes:
        assert counts.sum() == len(shares)
        assert (counts >= np.floor(len(shares) * shares)).all()
        assert (counts <= np.ceil(len(shares) * shares)).all()
        assert counts @ CLASSES == pytest.approx([1000 / 3] * 3, abs=30)
    # Which images of the frequent class are left out is another draw in every pass.
    assert (np.sum(passes, axis=0) > 0).all()
    assert np.mean(passes, axis=0) @ CLASSES == pytest.approx([1000 / 3] * 3, abs=5)


def test_what_is_drawn_of_a_pass_has_no_order_of_the_data_set_s() -> None:
    shares = balanced_shares(CLASSES, 1.0)
    walk = EpochOrder(3, len(shares), shares).permutation(0)
    counts = np.bincount(walk, minlength=len(shares))
    # Of the frequent class about every third image is drawn, neighbours among them.
    assert ((counts[:899] > 0) & (counts[1:900] > 0)).any()
    # Images of the rare class are there 33 times each, and not one time after the other.
    assert (walk[1:] == walk[:-1]).mean() < 0.05


def test_a_balanced_walk_is_decided_by_seed_and_pass_and_not_by_how_it_is_cut() -> None:
    shares = balanced_shares(CLASSES, 0.5)
    whole = EpochOrder(3, 1000, shares).batch(0, 2500)
    pieces = [EpochOrder(3, 1000, shares).batch(start, 125) for start in range(0, 2500, 125)]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)
    assert sorted(whole[:1000]) != sorted(whole[1000:2000])
    assert list(whole) != list(EpochOrder(4, 1000, shares).batch(0, 2500))


def test_without_shares_a_pass_is_the_permutation_that_it_always_was() -> None:
    expected = keyed_rng(7, 2, "epoch order").permutation(1000)
    np.testing.assert_array_equal(EpochOrder(7, 1000).permutation(2), expected)


def test_conditions_are_counted_as_often_as_they_are_drawn() -> None:
    found = drawn_conditions(CLASSES, balanced_shares(CLASSES, 0.5))
    known = ConditionDistribution.of(CLASSES)
    np.testing.assert_array_equal(found.rows, known.rows)
    expected = np.sqrt(known.counts) / np.sqrt(known.counts).sum()
    assert found.counts / found.counts.sum() == pytest.approx(expected, abs=1e-4)


def test_a_notice_names_the_rarest_labels_before_and_after() -> None:
    digits = Condition("classes", (Group("digit", ("0", "1", "2")),))
    text = told(digits, CLASSES, balanced_shares(CLASSES, 1.0))
    assert "up to 33.3 times a pass" in text
    assert text.endswith(
        ": 2: 1.00%, drawn 33.33%; 1: 9.00%, drawn 33.33%; 0: 90.00%, drawn 33.33%."
    )
    faces = Condition("attributes", (Group("hair", ("pink", "blue")), Group("eyes", ("red",))))
    rows = np.array([[1, 0, 1]] * 9 + [[0, 1, 1]], np.uint8)
    assert "hair=blue: 10.00%, drawn" in told(faces, rows, balanced_shares(rows, 0.5))
