"""``dataset.balance`` on scenes of several objects, of which one is rare. Nothing is rendered."""

import numpy as np
import pytest

from ganx.data.balance import balanced_shares
from ganx.data.order import EpochOrder
from ganx_iclevr.plugin import ganx_datasets

RARE = 1
KEPT = 15


@pytest.fixture(scope="module")
def scenes() -> np.ndarray:
    """Conditions of 9,000 scenes without most of those that show a red cube."""
    (spec,) = ganx_datasets()
    conditions = spec.open(spec.config(source="rendered", size=9000)).conditions
    left_out = np.flatnonzero(conditions[:, RARE])[KEPT:]
    rest: np.ndarray = np.delete(conditions, left_out, axis=0)
    return rest


@pytest.mark.parametrize(("balance", "least", "most"), [(0.5, 0.008, 0.02), (1.0, 0.07, 0.09)])
def test_a_rare_object_is_drawn_more_often_and_the_others_about_as_before(
    scenes: np.ndarray, balance: float, least: float, most: float
) -> None:
    shares = balanced_shares(scenes, balance)
    drawn = scenes[EpochOrder(0, len(scenes), shares).permutation(0)].mean(axis=0)
    before = scenes.mean(axis=0)
    assert before[RARE] < 0.002
    assert least < drawn[RARE] < most
    others = np.delete(drawn, RARE) / np.delete(before, RARE)
    assert others == pytest.approx(np.ones(len(others)), abs=0.2)
