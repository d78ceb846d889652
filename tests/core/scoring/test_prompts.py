"""Which prompts a generator is asked for."""

from pathlib import Path

import numpy as np
import pytest

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.distribution import ConditionDistribution
from ganx.errors import DataError
from ganx.scoring.prompts import VALIDATION_PROMPTS, digest, prompt_sets, validation_prompts

LETTERS = Condition("labels", (Group("letter", tuple("abcdefghijkl")),))
DIGITS = Condition("classes", (Group("digit", tuple("0123456789")),))


def pairs(weights: dict[str, int] | None = None) -> ConditionDistribution:
    """Every pair of letters, each as often as its weight says."""
    rows = [
        [float(i in (first, second)) for i in range(12)]
        for first in range(12)
        for second in range(first)
    ]
    counts = [(weights or {}).get(LETTERS.decode(row), 1) for row in rows]
    return ConditionDistribution(np.array(rows, np.uint8), np.array(counts))


def test_validation_prompts_occurred_in_training_and_in_no_other_set() -> None:
    taken = ("a, b", "d, c")
    drawn = validation_prompts(LETTERS, pairs(), taken)

    assert len(drawn) == VALIDATION_PROMPTS == 64
    assert len(set(drawn)) == 64
    assert not {"a, b", "c, d"} & set(drawn)
    assert all(len(text.split(", ")) == 2 for text in drawn)


def test_they_are_the_same_for_every_run() -> None:
    assert validation_prompts(LETTERS, pairs(), ()) == validation_prompts(LETTERS, pairs(), ())


def test_what_is_frequent_in_training_is_drawn_more_surely() -> None:
    frequent = {"a, b": 10**6, "k, l": 10**6}
    assert set(frequent) <= set(validation_prompts(LETTERS, pairs(frequent), ()))


def test_few_conditions_are_asked_for_equally_often() -> None:
    digits = ConditionDistribution(np.eye(10, dtype=np.uint8), np.arange(1, 11))
    drawn = validation_prompts(DIGITS, digits, ())

    assert len(drawn) == 70
    assert [drawn.count(digit) for digit in "0123456789"] == [7] * 10


def test_where_every_condition_is_a_prompt_of_another_set_all_are_drawn() -> None:
    digits = ConditionDistribution(np.eye(10, dtype=np.uint8), np.ones(10, np.int64))
    sets = prompt_sets(DIGITS, digits, {"digits": tuple("0123456789")})
    assert list(sets) == ["validation", "digits"]
    assert set(sets["validation"]) == set("0123456789")


def test_all_sets_are_asked_for_unless_some_are_named() -> None:
    shipped = {"test": ("a, b",), "new_test": ("c",)}
    assert list(prompt_sets(LETTERS, pairs(), shipped)) == ["validation", "test", "new_test"]
    assert prompt_sets(LETTERS, pairs(), shipped, ["new_test"]) == {"new_test": ("c",)}


def test_a_generator_without_labels_is_asked_for_nothing() -> None:
    nothing = ConditionDistribution(np.zeros((1, 0), np.uint8), np.array([5]))
    assert prompt_sets(UNCONDITIONAL, nothing, {}) == {}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mine.txt", "a, b\n\n  c  \n"),
        ("mine.json", '[["a", "b"], ["c"]]'),
        ("mine.json", '["a, b", "c"]'),
    ],
)
def test_a_file_has_a_prompt_on_each_line_or_is_a_list(
    tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert prompt_sets(LETTERS, pairs(), {}, [str(path)]) == {"mine": ("a, b", "c")}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("mine.txt", "a\nx\n", r"mine\.txt, prompt 2: There is no letter 'x'"),
        ("mine.txt", "\n\n", "holds no prompts"),
        ("mine.json", "{}", "must hold a list"),
        ("mine.json", "[[1]]", "prompt 1, is neither a text nor a list"),
        ("mine.json", "[[", "Cannot read the prompts"),
    ],
)
def test_a_wrong_file_is_told_with_what_is_wrong(
    tmp_path: Path, name: str, content: str, sentence: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(DataError, match=sentence):
        prompt_sets(LETTERS, pairs(), {}, [str(path)])


@pytest.mark.parametrize("name", ["test", "validation"])
def test_a_file_never_passes_for_a_set_with_other_prompts(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.txt"
    path.write_text("k, l\n")
    with pytest.raises(DataError, match=f"would be called '{name}', as another set"):
        prompt_sets(LETTERS, pairs(), {"test": ("a, b",)}, [str(path)])


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    first, second = tmp_path / "mine.txt", tmp_path / "second" / "mine.txt"
    second.parent.mkdir()
    first.write_text("a\n")
    second.write_text("b\n")
    with pytest.raises(DataError, match="would be called 'mine'"):
        prompt_sets(LETTERS, pairs(), {}, [str(first), str(second)])
    second.write_text("a\n")
    assert prompt_sets(LETTERS, pairs(), {}, [str(first), str(second)]) == {"mine": ("a",)}


def test_an_unknown_set_is_told_with_all_that_there_are() -> None:
    with pytest.raises(DataError, match=r"'tests'\. Did you mean 'test'\?.*Or name a file"):
        prompt_sets(LETTERS, pairs(), {"test": ("a",)}, ["tests"])
    with pytest.raises(DataError, match=r"There is no file of prompts 'mine\.txt'"):
        prompt_sets(LETTERS, pairs(), {"test": ("a",)}, ["mine.txt"])


def test_the_digest_tells_prompts_and_their_order_apart() -> None:
    assert digest(["a", "b"]) == digest(("a", "b"))
    assert len({digest(["a", "b"]), digest(["b", "a"]), digest(["a, b"])}) == 3


def test_a_prompt_of_an_unknown_one_of_many_values_says_where_all_are(tmp_path: Path) -> None:
    many = Condition("classes", (Group("digit", tuple(map(str, range(300)))),))
    (tmp_path / "mine.txt").write_text("7\n301\n")
    one = ConditionDistribution.of(np.eye(300, dtype=np.uint8))
    with pytest.raises(DataError, match=r"mine\.txt, prompt 2: There is no digit '301'") as caught:
        prompt_sets(many, one, {}, [str(tmp_path / "mine.txt")])
    assert caught.value.remedy is not None
    assert caught.value.remedy.kind == "see-all-labels"
