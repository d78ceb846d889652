import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ganx.data.order import EpochOrder
from ganx.randomness import keyed_rng


def test_a_key_always_draws_the_same_and_another_key_something_else() -> None:
    draws = {
        key: tuple(keyed_rng(*key).random(3)) for key in [(0, 0, "a"), (1, 0, "a"), (0, 1, "a")]
    }
    draws[0, 0, "b"] = tuple(keyed_rng(0, 0, "b").random(3))

    assert len(set(draws.values())) == 4
    assert tuple(keyed_rng(0, 0, "a").random(3)) == draws[0, 0, "a"]


def test_each_pass_shows_every_image_once_and_in_a_new_order() -> None:
    order = EpochOrder(seed=0, size=10)

    first, second = order.batch(0, 10), order.batch(10, 10)

    assert sorted(first) == sorted(second) == list(range(10))
    assert list(first) != list(second)


@given(size=st.integers(1, 30), start=st.integers(0, 90), cuts=st.lists(st.integers(1, 40)))
def test_the_walk_does_not_depend_on_how_it_is_cut(size: int, start: int, cuts: list[int]) -> None:
    whole = EpochOrder(3, size).batch(start, sum(cuts) + 1)
    pieces, position = [], start
    for cut in [*cuts, 1]:
        pieces.append(EpochOrder(3, size).batch(position, cut))
        position += cut

    np.testing.assert_array_equal(np.concatenate(pieces), whole)


def test_a_recorded_order_wins_over_what_would_be_drawn() -> None:
    order = EpochOrder(0, 5)
    order.restore(2, np.array([4, 3, 2, 1, 0]))

    np.testing.assert_array_equal(order.batch(11, 3), [3, 2, 1])
