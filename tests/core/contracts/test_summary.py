"""What conditions occurred in training, in short."""

import numpy as np
import pytest

from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.summary import ConditionSummary, Rest


def summary(*images: tuple[int, list[int]]) -> ConditionSummary:
    """Summarise so many images of each row."""
    rows = [row for count, row in images for _ in range(count)]
    return ConditionSummary.of(ConditionDistribution.of(np.array(rows, np.uint8)))


def test_combinations_of_ten_images_are_listed_with_the_most_frequent_first() -> None:
    found = summary((10, [1, 0, 1]), (12, [0, 1, 0]), (10, [0, 1, 1]), (11, [0, 0, 0]))
    assert found.combinations == ((1,), (), (0, 2), (1, 2))
    assert found.counts == (12, 11, 10, 10)
    assert found.rest is None


def test_other_images_are_counted_by_their_values_alone() -> None:
    found = summary((10, [1, 0, 0]), (9, [1, 1, 0]), (3, [1, 1, 1]), (2, [0, 0, 0]))
    assert found.combinations == ((0,),)
    assert found.rest == Rest(images=14, labels_per_image=(2, 0, 9, 3), values=(12, 12, 3))


def test_nothing_is_listed_where_every_combination_is_rare() -> None:
    found = summary((9, [1, 0]), (9, [0, 1]))
    assert (found.combinations, found.counts) == ((), ())
    assert found.rest == Rest(18, (0, 18), (9, 9))


def test_of_very_many_combinations_256_are_listed() -> None:
    rows = ((np.arange(300)[:, None] >> np.arange(9)) & 1).astype(np.uint8)
    counts = np.where(np.arange(300) == 299, 11, 10)
    found = ConditionSummary.of(ConditionDistribution(rows, counts))
    assert len(found.combinations) == 256
    assert found.combinations[0] == (0, 1, 3, 5, 8)
    assert found.combinations[1:] == tuple(sorted(found.combinations[1:]))
    assert found.rest
    assert found.rest.images == 440


@pytest.mark.parametrize("images", [3, 5000])
def test_without_conditions_the_empty_combination_is_listed(images: int) -> None:
    distribution = ConditionDistribution.of(np.zeros((images, 0), np.uint8))
    found = ConditionSummary.of(distribution)
    assert found.to_json() == {"combinations": [[]], "counts": [images]}


@pytest.mark.parametrize("rare", [0, 5])
def test_a_summary_is_read_as_it_was_written(rare: int) -> None:
    found = summary((20, [1, 0]), (rare, [1, 1]))
    assert ("rest" in found.to_json()) == (rare > 0)
    assert ConditionSummary.from_json(found.to_json()) == found


def test_a_summary_is_plain_numbers_as_its_page_says() -> None:
    assert summary((20, [1, 0]), (5, [1, 1])).to_json() == {
        "combinations": [[0]],
        "counts": [20],
        "rest": {"images": 5, "labels_per_image": [0, 0, 5], "values": [5, 5]},
    }
