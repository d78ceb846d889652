"""Which figure is the best, and how figures stand side by side."""

import math
from itertools import permutations

import pytest
from compared_runs import evaluation, figure
from hypothesis import given
from hypothesis import strategies as st

from ganx.comparing.table import rows
from ganx.comparing.verdict import DRAWS, clearly_better, verdict
from ganx.contracts.results import Baseline, Evaluation, Figure, Result


def test_a_difference_counts_from_twice_the_pooled_deviation_on() -> None:
    # sqrt((0.03**2 + 0.04**2) / 2) = 0.0354, and twice that 0.0707
    one = figure(0.50, sd=0.03)
    assert not clearly_better(figure(0.57, sd=0.04), one)
    assert clearly_better(figure(0.572, sd=0.04), one)
    assert not clearly_better(one, figure(0.572, sd=0.04))


def test_the_best_is_named_only_when_it_is_clear_of_all_others() -> None:
    clear = verdict([figure(0.5), figure(0.9), figure(0.6)])
    assert (clear.state, clear.best, clear.text("ABC")) == ("clear", 1, "B")
    close = verdict([figure(0.5), figure(0.9), figure(0.89)])
    assert (close.state, close.best) == ("unclear", None)
    assert close.leaders == (1, 2)
    assert close.text("ABC") == "B or C: unclear"


def test_no_clear_difference_is_said_in_words() -> None:
    assert verdict([figure(0.50), figure(0.51)]).text("AB") == "no clear difference"
    assert verdict([figure(0.5, sd=0), figure(0.5, sd=0)]).text("AB") == "no clear difference"


def test_the_highest_of_what_chance_gives_is_not_the_best() -> None:
    one, other = (figure(mean, chance=Baseline(mean, 0.03)) for mean in (0.48, 0.56))
    found = verdict([one, other])
    assert (found.state, found.best, found.leaders) == ("by chance", None, (1,))
    assert found.text("AB") == "no better than chance"
    unshuffled = [figure(0.48, chance=None), figure(0.56, chance=None)]
    assert verdict(unshuffled).best == 1


@pytest.mark.parametrize("other", [figure(0.495, 0.014), figure(0.548, 0.0), figure(0.2, 0.0)])
def test_what_scores_as_its_shuffles_do_is_never_the_best(other: Figure) -> None:
    alike = figure(0.548, 0.0, chance=Baseline(0.548, 0.0))
    found = verdict([other, alike])
    assert found.best is None
    if other.mean < alike.mean:
        assert (found.state, found.text("AB")) == ("by chance", "no better than chance")


def test_what_scores_the_same_in_every_draw_is_never_the_best_unless_it_is_perfect() -> None:
    found = verdict([figure(0.495, 0.014), figure(0.9, 0.0)])
    assert (found.state, found.best, found.leaders) == ("no spread", None, (1,))
    assert found.text("AB") == "B: the same in every draw"
    assert verdict([figure(0.495, 0.014), figure(1.0, 0.0)]).best == 1


def test_shuffles_that_all_score_the_same_are_beaten_by_any_value_beyond_them() -> None:
    assert verdict([figure(0.2), figure(0.9, chance=Baseline(0.5, 0.0))]).best == 1


def test_less_is_better_where_a_figure_says_so() -> None:
    distances = [
        figure(mean, 0.1, better="lower", chance=Baseline(10.0, 0.1)) for mean in (9.0, 3.0)
    ]
    assert verdict(distances).best == 1


def test_nothing_is_the_best_where_neither_direction_is() -> None:
    found = verdict([figure(0.1, better="neither"), figure(0.9, better="neither")])
    assert (found.state, found.best, found.text("AB")) == ("no order", None, "")


@pytest.mark.parametrize("draws", range(1, DRAWS))
def test_few_draws_do_not_tell_the_spread(draws: int) -> None:
    found = verdict([figure(0.1), figure(0.9, sd=0.0, draws=draws)])
    assert (found.best, found.text("AB")) == (None, "too few draws")


def test_a_figure_that_only_one_has_is_compared_with_nobody() -> None:
    assert verdict([figure(0.9), None]).state == "alone"
    assert verdict([figure(0.9), figure(math.nan)]).state == "alone"
    assert verdict([figure(0.5), None, figure(0.9)]).best == 2


SCORES = st.builds(figure, st.floats(0, 1), st.floats(0, 0.5))


@given(st.lists(SCORES, min_size=2, max_size=4))
def test_the_verdict_does_not_depend_on_the_order(figures: list[Figure]) -> None:
    expected = sorted(map(id, (figures[i] for i in verdict(figures).leaders)))
    for order in permutations(figures):
        found = verdict(order)
        assert sorted(id(order[i]) for i in found.leaders) == expected


@given(st.lists(SCORES, min_size=2, max_size=4))
def test_the_best_is_clearly_better_than_every_other(figures: list[Figure]) -> None:
    best = verdict(figures).best
    if best is not None:
        others = [one for i, one in enumerate(figures) if i != best]
        assert all(clearly_better(figures[best], other) for other in others)
    assert verdict(figures).leaders


def test_a_row_is_a_figure_and_a_column_an_evaluation() -> None:
    found = rows([evaluation("a", figure(0.2)), evaluation("b", figure(0.9))])
    assert [(row.scope, row.name) for row in found] == [
        ("validation", "top-k"),
        ("test", "top-k"),
    ]
    assert [one.mean for one in found[0].figures if one] == [0.2, 0.9]
    assert found[0].verdict.best == 1
    assert found[0].has_chance


def test_figures_that_depend_on_other_things_never_share_a_row() -> None:
    one = figure(3.0, name="judge-FID", qualifier="judge 3fa9c2d1")
    other = figure(4.0, name="judge-FID", qualifier="judge ffffffff")
    found = rows([evaluation("a", one), evaluation("b", other)])
    assert [row.name for row in found if row.scope == "test"] == [
        "judge-FID (judge 3fa9c2d1)",
        "judge-FID (judge ffffffff)",
    ]
    assert found[0].figures[1] is None
    assert {row.verdict.state for row in found} == {"alone"}


def test_the_figures_of_one_set_stand_together() -> None:
    diversity = Result("diversity", "validation", [figure(0.3, name="distance")])
    plain = evaluation("a")
    more = Evaluation(plain.origin, plain.protocol, [*plain.results, diversity])
    scopes = [row.scope for row in rows([plain, more])]
    assert scopes == ["validation", "validation", "test"]


def test_a_row_as_json_names_the_runs() -> None:
    (row, _) = rows([evaluation("a", figure(0.2)), evaluation("b", figure(0.9))])
    assert row.to_json(["a", "b"]) == {
        "subject": "validation",
        "name": "top-k",
        "means": {"a": 0.2, "b": 0.9},
        "best": "b",
        "verdict": "clear",
        "leaders": ["b"],
    }
