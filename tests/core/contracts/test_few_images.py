"""How far a share is known that few images gave."""

import pytest

from ganx.contracts.few_images import FEW, examined_on_few, wilson_interval


@pytest.mark.parametrize(
    ("share", "count", "interval"),
    [
        (1.0, 2, (0.3424, 1.0)),  # all of n right: from n / (n + z²)
        (0.0, 2, (0.0, 0.6576)),
        (0.5, 10, (0.2366, 0.7634)),
        (15 / 148, 148, (0.0624, 0.1605)),  # the first example of Newcombe (1998)'s table, without
        (81 / 263, 263, (0.2553, 0.3662)),  # continuity correction
    ],
)
def test_the_interval_is_wilsons(share: float, count: int, interval: tuple[float, float]) -> None:
    assert wilson_interval(share, count) == pytest.approx(interval, abs=5e-5)


def test_a_judge_that_was_examined_on_two_images_is_hardly_known() -> None:
    assert examined_on_few("The judge", {"colour": 1.0, "shape": 0.5}, 2) == (
        "The judge was examined on 2 images only: the 95 % interval of its colour is 0.34 to 1.00. "
        "Examine it on 100 images or more."
    )
    assert "on 1 image only" in examined_on_few("The judge", {"colour": 1.0}, 1)


def test_nothing_is_said_of_many_images_or_where_nobody_counted() -> None:
    assert examined_on_few("The judge", {"colour": 1.0}, FEW - 1)
    assert examined_on_few("The judge", {"colour": 1.0}, FEW) == ""
    assert examined_on_few("The judge", {"colour": 1.0}, 0) == ""
    assert examined_on_few("The judge", {}, 2) == ""
