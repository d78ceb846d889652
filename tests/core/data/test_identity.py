"""Who a data set is, and in which words it is said that it is another."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ganx.contracts.condition import Condition, Group
from ganx.contracts.dataset import Dataset, without_labels
from ganx.contracts.interface import Interface
from ganx.data.identity import Identity, differences, labels_digest
from ganx.data.image_files import ImageFiles

NAMES = ("0.png", "1.png", "2.png", "3.png")
ANIMALS = Condition("classes", (Group("animal", ("cat", "dog", "fox")),))
LOOKS = Condition("attributes", (Group("hair", ("pink", "blue")), Group("eyes", ("red", "green"))))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, name in enumerate(NAMES):
        Image.new("RGB", (4, 4), (number, 0, 0)).save(tmp_path / name)
    return tmp_path


def dataset(folder: Path, names: tuple[str, ...] = NAMES, **changes: Any) -> Dataset:
    images = ImageFiles(folder, names, changes.pop("resolution", 4), changes.pop("channels", 3))
    condition = changes.pop("condition", ANIMALS)
    rows = np.zeros((len(names), condition.size), np.uint8)
    rows[np.arange(len(names)), np.arange(len(names)) % 2] = 1
    whole = Dataset(Interface(images.resolution, images.channels, condition), images, rows)
    return replace(whole, **changes)


def told(one: Dataset, other: Dataset) -> str:
    return "; ".join(differences(Identity.of(one), Identity.of(other)))


def vocabulary(*values: str) -> Condition:
    return Condition("classes", (Group("animal", values),))


def test_nothing_differs_from_itself_and_json_keeps_all_of_it(folder: Path) -> None:
    whole = dataset(folder, splits={"train": slice(0, 3), "test": slice(-1, None)})
    identity = Identity.of(whole)
    assert identity.splits == {"train": (0, 3), "test": (3, 4)}
    assert Identity.from_json(json.loads(json.dumps(identity.to_json()))) == identity
    assert told(whole, dataset(folder, splits=whole.splits)) == ""


def test_how_many_labels_can_be_shown_makes_no_other_data_set(folder: Path) -> None:
    counted = Condition("labels", (Group("object", ("a", "b")),), most=2, limit=1)
    plain = Condition("labels", (Group("object", ("a", "b")),))
    assert told(dataset(folder, condition=counted), dataset(folder, condition=plain)) == ""


def test_images_that_were_added_are_counted_and_their_labels_are_not_told_too(
    folder: Path,
) -> None:
    more = "3 images then, 4 now (new: 3.png)"
    assert told(dataset(folder, NAMES[:3]), dataset(folder)) == more
    assert told(dataset(folder), dataset(folder, NAMES[:3])) == "4 images then, 3 now"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"names": NAMES[::-1]}, "names of files, or their order"),
        ({"resolution": 8}, "a resolution of 4 then, 8 now"),
        ({"channels": 1}, "3 channels then, 1 now"),
        ({"condition": vocabulary("cat", "dog", "fox", "owl")}, "the vocabulary: added 'owl'"),
        (
            {"condition": vocabulary("cat", "dog", "owl")},
            "the vocabulary: added 'owl', removed 'fox'",
        ),
        (
            {"condition": vocabulary("dog", "cat", "fox")},
            "the vocabulary: another order (cat, dog, fox then, dog, cat, fox now)",
        ),
        (
            {"condition": Condition("labels", ANIMALS.groups)},
            "labels of the kind 'classes' then, 'labels' now",
        ),
        ({"splits": {"test": slice(0, 1)}}, "split test added"),
    ],
)
def test_what_differs_is_told(folder: Path, changes: dict[str, Any], expected: str) -> None:
    assert told(dataset(folder), dataset(folder, **changes)) == expected


def test_groups_of_a_vocabulary_are_told(folder: Path) -> None:
    fewer = Condition("attributes", LOOKS.groups[:1])
    turned = Condition("attributes", LOOKS.groups[::-1])
    looks = dataset(folder, condition=LOOKS)
    assert told(looks, dataset(folder, condition=fewer)) == "the vocabulary: removed 'eyes'"
    order = "the vocabulary: another order (hair, eyes then, eyes, hair now)"
    assert told(looks, dataset(folder, condition=turned)) == order


def test_renamed_files_are_named(folder: Path) -> None:
    before = Identity.of(dataset(folder))
    (folder / "2.png").rename(folder / "new.png")
    now = Identity.of(dataset(folder, (*NAMES[:2], NAMES[3], "new.png")))
    assert differences(before, now)[0] == "names of files, or their order (new: new.png)"


def test_a_changed_pixel_and_another_way_to_pixels_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Identity.of(dataset(folder))
    unmarked = replace(before, marks=None)
    with monkeypatch.context() as patch:
        patch.setattr("ganx.data.image_files.DECODER_VERSION", -1)
        (found,) = differences(before, Identity.of(dataset(folder)))
        assert found.startswith("how files become pixels")
    Image.new("RGB", (4, 4), (99, 0, 0)).save(folder / "1.png")
    assert differences(before, Identity.of(dataset(folder))) == ["the content of 1 image (1.png)"]
    assert differences(unmarked, Identity.of(dataset(folder))) == ["the content of images"]


def test_changed_labels_are_told_even_of_a_single_image(folder: Path) -> None:
    rows = dataset(folder).conditions.copy()
    rows[3] = [0, 0, 1]
    changed = dataset(folder, conditions=rows)
    assert told(dataset(folder), changed) == "the labels of 1 image (3.png)"
    rows[0] = [0, 1, 0]
    assert told(dataset(folder), changed) == "the labels of 2 images (0.png, 3.png)"


def test_a_split_is_told_by_its_size_or_by_its_images(folder: Path) -> None:
    one = dataset(folder, splits={"train": slice(0, 2), "test": slice(2, 3)})
    larger = dataset(folder, splits={"train": slice(0, 2), "test": slice(2, 4)})
    other = dataset(folder, splits={"train": slice(0, 2), "test": slice(3, 4)})
    assert told(one, larger) == "split test 1 -> 2"
    assert told(one, other) == "split test of other images"
    assert told(one, dataset(folder)) == "split train removed; split test removed"


def test_several_differences_are_told_one_after_the_other(folder: Path) -> None:
    changed = dataset(folder, NAMES[:3], condition=vocabulary("cat", "dog"))
    assert told(dataset(folder), changed) == "4 images then, 3 now; the vocabulary: removed 'fox'"


def test_the_digest_of_labels_knows_words_and_not_only_numbers(folder: Path) -> None:
    whole = dataset(folder)
    renamed = dataset(folder, condition=vocabulary("cat", "dog", "owl"))
    joined = dataset(folder, condition=vocabulary("cat", "dogfox", ""))
    digests = {labels_digest(one) for one in (whole, renamed, joined, without_labels(whole))}
    assert len(digests) == 4


def test_folders_around_all_images_are_no_part_of_their_names(folder: Path) -> None:
    inner = folder / "archive" / "data"
    inner.mkdir(parents=True)
    for name in NAMES:
        (inner / name).write_bytes((folder / name).read_bytes())
    around = tuple(f"archive/data/{name}" for name in NAMES)
    assert told(dataset(folder), dataset(folder, around)) == ""
    assert told(dataset(folder), dataset(folder, (*NAMES[:3], around[3]))) != ""
    Image.new("RGB", (4, 4), (9, 9, 9)).save(inner / NAMES[2])
    changed = "the content of 1 image (2.png)"
    assert told(dataset(folder), dataset(folder, around)) == changed
