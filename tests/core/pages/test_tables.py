"""Numbers and tables of a page."""

import math
from dataclasses import replace

import pytest

from ganx.builtin.evaluators.plugin import ganx_evaluators
from ganx.contracts.protocol import Origin, PromptsIdentity, ScoringProtocol
from ganx.contracts.results import Baseline, Evaluation, Figure, Result, Table
from ganx.pages.headlines import headlines, score_blocks
from ganx.pages.heat import crossed, heat_map
from ganx.pages.wording import chance, compact, measured, number, percent, whole, z_score

DASH, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"
SHARE = Figure("top-k", 0.8534, 0.0041, 5, Baseline(0.11, 0.02))
DISTANCE = Figure("judge-FID", 12.34, 0.21, 3, better="lower", is_share=False)


def test_a_share_is_told_in_percent_with_its_spread() -> None:
    assert measured(SHARE) == "85.3 ± 0.4 %"
    assert chance(SHARE) == "11.0 ± 2.0 %"
    assert z_score(SHARE) == "+37.2"


def test_a_distance_is_told_as_it_is_and_has_no_chance() -> None:
    assert measured(DISTANCE) == "12.3 ± 0.21"
    assert chance(DISTANCE) == z_score(DISTANCE) == DASH


def test_one_draw_has_no_spread() -> None:
    assert measured(Figure("top-k", 0.5)) == "50.0 %"
    assert measured(Figure("FID", 7.0, is_share=False)) == "7.00"


def test_what_has_no_draws_has_its_standard_error() -> None:
    assert measured(Figure("of real images", 0.25, 0.0123, is_share=False)) == "0.25 ± 0.0123"


@pytest.mark.parametrize(("mean", "written"), [(0.5, "+0.0"), (0.9, "+∞"), (0.1, f"{MINUS}∞")])
def test_where_all_shuffles_score_the_same_z_tells_only_the_side(mean: float, written: str) -> None:
    assert z_score(Figure("top-k", mean, 0.1, 5, Baseline(0.5, 0.0))) == written


def test_what_could_not_be_measured_is_a_dash() -> None:
    assert measured(Figure("KID", math.nan)) == number(None) == percent(math.nan) == DASH


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (0.04567, "0.0457"), (1.2345, "1.23"), (45.67, "45.7"), (-1234.5, f"{MINUS}1,234")],
)
def test_numbers_have_three_digits_that_count(value: float, written: str) -> None:
    assert number(value) == written


def test_numbers_of_an_axis_are_short() -> None:
    assert [compact(one) for one in (0, 0.25, 1500, 2e6, -3e9)] == [
        "0",
        "0.25",
        "1.5k",
        "2M",
        f"{MINUS}3G",
    ]
    assert whole(345856) == "345,856"


def test_shares_are_warm_and_counts_are_not() -> None:
    table = Table(
        "by object", ("object", "asked", "share"), [["red cube", 40, 0.25], ["x", 0, None]]
    )
    first, second = heat_map(table).rows
    assert [(cell.text, cell.heat) for cell in first.cells] == [("40", None), ("25.0 %", 0.25)]
    assert [cell.text for cell in second.cells] == ["0", DASH]


def test_a_confusion_is_as_warm_as_its_share_of_the_row() -> None:
    table = Table(
        "shapes", ("shape", "cube", "cone"), [["cube", 3, 1], ["cone", 0, 0]], "confusion"
    )
    first, second = heat_map(table).rows
    assert [(cell.text, cell.heat) for cell in first.cells] == [("3", 0.75), ("1", 0.25)]
    assert [cell.heat for cell in second.cells] == [None, None]


def test_pairs_are_laid_out_as_a_map() -> None:
    rows = [["red cube", 9, 0.5], ["red cone", 1, 0.0], ["blue cube", 2, 1.0]]
    found = crossed(Table("by object", ("object", "asked", "share"), rows))
    assert found
    assert list(found.columns) == ["", "cube", "cone"]
    assert found.rows == [["red", 0.5, 0.0], ["blue", 1.0, None]]


@pytest.mark.parametrize(
    "heads",
    [("pink", "blue"), ("red cube",), ("a b", "c d", "e f"), ("a b c", "d e f")],
    ids=["words", "one", "no map", "triples"],
)
def test_what_are_no_pairs_makes_no_map(heads: tuple[str, ...]) -> None:
    assert crossed(Table("by x", ("x", "share"), [[head, 0.5] for head in heads])) is None


def scored(*results: Result) -> Evaluation:
    prompts = {"validation": PromptsIdentity("a", 64), "test": PromptsIdentity("b", 32)}
    return Evaluation(Origin(images_seen=1), ScoringProtocol(prompts=prompts), results)


def test_prompts_come_first_and_validation_behind_them() -> None:
    of = [Result("any", name, [SHARE]) for name in ("images", "validation", "test")]
    evaluation = scored(*of)
    titles = [block.title for block in score_blocks(evaluation)]
    assert titles == ["Test prompts", "Validation prompts", "Images"]
    assert [title for title, _ in headlines(evaluation, {})] == titles[:2]
    assert headlines(scored(of[0]), {}) == [("Images", SHARE)]


HAIR, ALL, EYES = (replace(SHARE, name=name) for name in ("hair", "all", "eyes"))


@pytest.mark.parametrize(
    ("names", "heads"),
    [(("all", "*"), ALL), (("none", "*"), HAIR), (("*",), HAIR), (("e*", "all"), EYES)],
)
def test_the_first_name_of_a_headline_that_a_result_has_heads_the_page(
    names: tuple[str, ...], heads: Figure
) -> None:
    evaluation = scored(Result("any", "test", [HAIR, ALL, EYES]))
    assert headlines(evaluation, {"any": names}) == [("Test prompts", heads)]


def test_whoever_wrote_an_evaluator_its_headline_stands_beside_ours() -> None:
    ours, theirs = Result("ours", "test", [HAIR]), Result("theirs", "images", [EYES])
    beside = Result("silent", "test", [ALL])
    named = {"ours": ("*",), "theirs": ("eyes",), "silent": ("missing",)}
    found = headlines(scored(beside, theirs, ours), named)
    assert found == [("Test prompts", HAIR), ("Images", EYES)]


def test_what_all_figures_depend_on_is_said_once() -> None:
    figures = [
        Figure("top-k", 0.5, qualifier="judge x, 1,000 prompts"),
        Figure("exact match", 0.5, qualifier="judge x, 1,000 prompts, threshold 0.4"),
    ]
    (block,) = score_blocks(scored(Result("prompt-accuracy", "test", figures)))
    assert block.qualifiers == ["judge x, 1,000 prompts"]
    assert [figure.qualifier for figure in block.results[0].figures] == ["", "threshold 0.4"]


def test_ganxs_own_evaluators_say_what_of_them_heads_a_page() -> None:
    named = {spec.name: spec.headline for spec in ganx_evaluators()}
    of_attributes = Result("prompt-accuracy", "test", [HAIR, ALL, EYES])
    others = [Result(name, name, [HAIR, ALL]) for name in ("codes", "diversity", "distribution")]
    found = headlines(scored(of_attributes, *others), named)
    assert found == [("Test prompts", ALL), ("Codes", HAIR)]
