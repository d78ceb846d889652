"""What is offered for a name that does not exist, and how many names are listed."""

import pytest

from ganx.errors import LISTED, listed, nearest, similar, unknown

SOLIDS = [f"{c} {s}" for c in ("red", "blue", "gray") for s in ("cube", "sphere", "cone")]
MANY = [f"class {number:03d}" for number in range(600)]


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("red kube", {"red cube"}),
        ("RED CUBE", {"red cube"}),
        ("cube", {"red cube", "blue cube", "gray cube"}),
        ("Blue", {"blue cube", "blue sphere", "blue cone"}),
        ("a pyramid", set()),
    ],
)
def test_what_may_have_been_meant_is_offered(name: str, offered: set[str]) -> None:
    assert set(similar(name, SOLIDS)) == offered


def test_a_word_in_common_is_enough_though_the_spelling_is_far() -> None:
    assert similar("cube", ["an enormously large cube", "a sphere"]) == ["an enormously large cube"]
    assert similar("an owl", ["an eagle with wings"]) == []


def test_names_that_differ_in_case_alone_are_both_offered() -> None:
    assert similar("CAT", ["Cat", "dog", "cat"]) == ["Cat", "cat"]


def test_at_most_five_are_offered_the_likeliest_first() -> None:
    assert len(similar("class", MANY)) == 5
    assert similar("class 017x", MANY) == ["class 017"]
    assert similar("cube", ["an even larger cube", "red cube"]) == [
        "red cube",
        "an even larger cube",
    ]


def test_the_nearest_are_asked_for_in_a_sentence() -> None:
    assert nearest("red kube", SOLIDS) == " Did you mean 'red cube'?"
    assert nearest("ab", ["abc", "abd"]) == " Did you mean 'abd' or 'abc'?"
    assert nearest("x", SOLIDS) == nearest("x", []) == ""


def test_few_names_are_all_listed_and_of_many_the_first_with_the_count() -> None:
    assert listed([]) == "none"
    assert listed(MANY[:LISTED]) == ", ".join(MANY[:LISTED])
    assert listed(MANY[: LISTED + 1]) == f"{', '.join(MANY[:6])} and {LISTED - 5} more"
    assert unknown("class", "x", MANY) == (
        "Unknown class 'x'. Available: class 000, class 001, class 002, class 003, class 004, "
        "class 005 and 594 more."
    )
    assert listed(MANY * 3).endswith(" and 1,794 more")
