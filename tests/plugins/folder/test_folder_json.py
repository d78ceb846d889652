"""Tables in JSON: arrays, objects of files, StyleGAN's labels, and what is no table."""

import json
from typing import Any

import pytest

from ganx.errors import DataError

AB = ("1.png", "2.png")


def read(make: Any, value: Any, name: str = "labels.json", **settings: Any) -> dict[str, str]:
    shown: dict[str, str] = make(*AB).text(name, json.dumps(value, indent=1)).shown(**settings)
    return shown


@pytest.mark.parametrize("name", ["labels.json", "metadata.jsonl"])
def test_an_array_of_objects_is_a_table_under_both_endings(name: str, make: Any) -> None:
    rows = [{"file_name": "1.png", "kind": "a"}, {"file_name": "2.png", "kind": "b"}]
    assert read(make, rows, name) == {"1.png": "a", "2.png": "b"}


def test_json_lines_may_have_the_ending_of_json(make: Any) -> None:
    folder = make(*AB).jsonl(
        {"file_name": "1.png", "kind": "a"}, {"file_name": "2.png", "kind": "b"}, name="labels.json"
    )
    assert folder.shown() == {"1.png": "a", "2.png": "b"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"1.png": "a", "2.png": 7}, {"1.png": "a", "2.png": "7"}),
        ({"1.png": ["a", "b"], "2.png": []}, {"1.png": "a, b", "2.png": ""}),
        ({"1.png": [3, 12], "2.png": [3]}, {"1.png": "3, 12", "2.png": "3"}),
        ({"1.png": [3, 12], "2.png": [3, 4]}, {"1.png": "3, 12", "2.png": "3, 4"}),
        (
            {"1.png": {"hair": "x", "age": 3}, "2.png": {"hair": "y", "age": 3}},
            {"1.png": "hair=x, age=3", "2.png": "hair=y, age=3"},
        ),
        ([["1.png", "a"], ["2.png", "b"]], {"1.png": "a", "2.png": "b"}),
        ({"file_name": ["1.png", "2.png"], "kind": ["a", "b"]}, {"1.png": "a", "2.png": "b"}),
        ({"version": 1, "data": [{"file_name": "1.png", "kind": "a"}]}, {"1.png": "a"}),
        ({"labels": [["1.png", [1, 1]], ["2.png", [0, 1]]]}, {"1.png": "0, 1", "2.png": "1"}),
        (
            {"file_name": {"0": "1.png", "1": "2.png"}, "kind": {"0": "a", "1": "b"}},
            {"1.png": "a", "2.png": "b"},
        ),
    ],
)
def test_each_usual_shape_is_read(value: Any, shown: dict[str, str], make: Any) -> None:
    assert read(make, value) == shown


SHARDS = ("00000/img00000000.png", "00001/img00001000.png")


def stylegan(make: Any, *labels: Any, **settings: Any) -> tuple[str, dict[str, str]]:
    pairs = None if labels == (None,) else [list(p) for p in zip(SHARDS, labels, strict=True)]
    folder = make(*SHARDS).text("dataset.json", json.dumps({"labels": pairs}))
    return folder.open(**settings).interface.condition.kind, folder.shown(**settings)


@pytest.mark.parametrize(
    ("labels", "kind", "shown"),
    [
        ((3, 10), "classes", ("3", "10")),
        (([0, 0, 1], [1, 0, 0]), "classes", ("2", "0")),
        (([0.0, 1.0], [1.0, 0.0]), "classes", ("1", "0")),
        (([0, 1, 1], [0, 0, 0]), "labels", ("1, 2", "")),
        ((None,), "none", ("", "")),
    ],
)
def test_the_labels_of_stylegan_are_classes_or_labels_and_its_shards_are_not(
    labels: Any, kind: str, shown: tuple[str, ...], make: Any
) -> None:
    assert stylegan(make, *labels) == (kind, dict(zip(SHARDS, shown, strict=True)))


def test_a_table_says_that_folders_are_no_classes(make: Any) -> None:
    folder = make(*SHARDS).text("dataset.json", json.dumps({"labels": None}))
    assert folder.open().notice == (
        "dataset.json says which images are used; they have no labels. The folders' names are not "
        "read as classes, as the table holds."
    )


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (([0.5, 1], [1, 0]), r"entry 1: \[0\.5, 1\] is no vector of 2 numbers that are 0 or 1"),
        (([3, 7], [3, 7]), r"entry 1: \[3, 7\] is no vector"),
        (([0, 1], [1]), r"entry 2: \[1\] is no vector of 2 numbers"),
        ((3, None), r"entry 2: '00001/img00001000\.png' has no label"),
    ],
)
def test_other_labels_of_stylegan_are_refused(labels: Any, message: str, make: Any) -> None:
    with pytest.raises(DataError, match=message):
        stylegan(make, *labels)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"images": [], "annotations": []}', r"boxes and outlines as COCO has them.*dataset\.tab"),
        ('{"1.png": {"a": 1}, "2.png": 3}', r"objects beside other values, which is no table"),
        ('{"1.png": [0.25, 3.5], "2.png": [1, 2]}', r"entry 1: \[0\.25, 3\.5\] is no vector"),
        ('{"file_name": ["1.png"], "kind": ["a", "b"]}', r"columns that do not have the same row"),
        ('{"file_name": {"0": "1.png"}, "kind": {"1": "a"}}', r"do not have the same rows"),
        ('[{"file_name": "1.png"}, 7]', r"entry 2: this is not an object such as"),
        ('{"1.png": "a", "1.png": "b"}', r"cannot be used: a key is there twice, '1\.png'"),
        ('{"1.png": ', r"this is not JSON in line 1, column 11: Expecting value\. Correct it"),
        ('"1.png"', r"holds '1\.png', which is no table\. Write an array of objects"),
        ("[" * 100_000, r"this cannot be used: .*recursion"),
        ('[{"file_name": "9.png"}]', r"entry 1: there is no image '9\.png'"),
    ],
)
def test_what_is_no_table_is_refused(text: str, message: str, make: Any) -> None:
    folder = make(*AB).text("labels.json", text)
    with pytest.raises(DataError, match=message) as raised:
        folder.open()
    assert str(raised.value).startswith(str(folder.path / "labels.json"))
