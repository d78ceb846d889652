"""What is meant by folders: splits, classes, copies, and what lies beside them."""

import shutil
from typing import Any

import pytest

from ganx.contracts.dataset import Dataset
from ganx.errors import DataError
from ganx_folder.split_names import split_named, splits_of_folders


def classes(dataset: Dataset) -> tuple[str, ...]:
    assert dataset.interface.condition.kind == "classes"
    return dataset.interface.condition.groups[0].values


def sizes(dataset: Dataset) -> dict[str, int]:
    """Count the images of each split."""
    return {split: one.stop - one.start for split, one in dataset.splits.items()}


def left_out(dataset: Dataset) -> dict[str, int]:
    return {one.what: one.count for one in dataset.passed_over}


TRAIN = ("train/cat/1.png", "train/cat/2.png", "train/dog/3.png")


def test_a_folder_beside_splits_is_left_out_and_named(make: Any) -> None:
    dataset = make(*TRAIN, "test/cat/4.png", "docs/logo.png").open()
    assert classes(dataset) == ("cat", "dog")
    assert sizes(dataset) == {"train": 3, "test": 1}
    assert left_out(dataset) == {"images in docs, which is not named as a split": 1}
    assert dataset.notice.endswith(
        "Passed over: images in docs, which is not named as a split (1)."
    )


def test_what_is_left_out_goes_with_its_tables(make: Any) -> None:
    folder = make(*TRAIN, "test/cat/4.png", "docs/logo.png")
    folder.csv("file_name,kind", "logo.png,x", name="docs/labels.csv")
    assert classes(folder.open()) == ("cat", "dog")


def test_a_table_over_all_says_what_is_used_of_folders_that_are_not_all_splits(make: Any) -> None:
    folder = make("train/1.png", "test/2.png", "extra/3.png")
    folder.csv("file_name,kind,split", "train/1.png,a,train", "extra/3.png,b,test")
    assert folder.shown() == {"train/1.png": "a", "extra/3.png": "b"}
    assert sizes(folder.open()) == {"train": 1, "test": 1}


@pytest.mark.parametrize(
    "names",
    [("bus", "car", "train"), ("dev", "qa"), ("dev", "test", "qa"), ("val", "valid", "x")],
)
def test_few_names_of_splits_among_others_are_classes(names: tuple[str, ...], make: Any) -> None:
    dataset = make(*(f"{name}/{number}.png" for name in names for number in range(2))).open()
    assert classes(dataset) == tuple(sorted(names))
    assert dataset.splits == {}


def test_parts_with_the_same_class_folders_need_one_for_training(make: Any) -> None:
    folder = make(*(f"{part}/{kind}/1.png" for part in ("val", "test", "x") for kind in "ab"))
    with pytest.raises(DataError, match=r"The folders test, val in .*data .* one 'train'"):
        folder.open()


@pytest.mark.parametrize(
    ("named", "other", "meant"), [("train", "unseen", "test"), ("test", "learning", "train")]
)
def test_a_neighbour_of_a_split_with_the_same_classes_is_asked_about(
    named: str, other: str, meant: str, make: Any
) -> None:
    folder = make(*(f"{part}/{kind}/1.png" for part in (named, other) for kind in "ab"))
    with pytest.raises(DataError, match=rf"same class folders \(a, b\).*to '{meant}' for example"):
        folder.open()


def test_a_split_for_training_beside_something_else_is_asked_about(make: Any) -> None:
    folder = make("train/a/1.png", "train/b/2.png", "docs/logo.png", "docs/2.png")
    with pytest.raises(DataError, match=r"class folders \(a, b\), and docs beside it does not"):
        folder.open()


def test_a_class_called_train_may_hold_images_beside_folders(make: Any) -> None:
    dataset = make("train/a/1.png", "train/b/2.png", "train/3.png", "bus/1.png").open()
    assert classes(dataset) == ("bus", "train")


def test_classes_with_other_folders_in_them_may_be_called_train(make: Any) -> None:
    dataset = make("train/steam/1.png", "train/fast/2.png", "bus/city/3.png").open()
    assert classes(dataset) == ("bus", "train")


@pytest.mark.parametrize("around", ["", "data/", "a/b/"])
def test_the_whole_tree_once_more_inside_itself_is_left_out(around: str, make: Any) -> None:
    folder = make(*(f"{around}{name}" for name in (*TRAIN, "test/cat/4.png")))
    for path in sorted((folder.path / around).rglob("*.png")):
        copy = folder.path / around / "data/data" / path.relative_to(folder.path / around)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    dataset = folder.open()
    assert sizes(dataset) == {"train": 3, "test": 1}
    assert classes(dataset) == ("cat", "dog")
    (one,) = dataset.passed_over
    assert one.count == 4
    assert ", a copy of those " in one.what
    assert one.first == f"{around}data/data/test/cat/4.png"


def test_class_folders_once_more_inside_themselves_are_left_out(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png")
    for name in ("cat/1.png", "dog/2.png"):
        folder.text(f"old/{name}", (folder.path / name).read_bytes())
    assert classes(folder.open()) == ("cat", "dog")


def test_folders_with_the_same_names_and_other_images_are_no_copies(make: Any) -> None:
    folder = make("cat/1.png", "cat/2.png", "cat/old/1.png", "cat/old/2.png", "dog/1.png")
    assert len(folder.open().images) == 5
    flat = {one: (folder.path / "cat" / one).read_bytes() for one in ("1.png", "2.png")}
    for name, content in flat.items():
        folder.text(f"cat/old/{name}", content[:-1] + bytes([content[-1] ^ 1]))
    assert len(folder.open().images) == 5  # as large, but not the same
    for name, content in flat.items():
        folder.text(f"cat/old/{name}", content)
    assert folder.open().images.names == ("cat/1.png", "cat/2.png", "dog/1.png")


def test_every_image_of_a_copy_is_as_large_as_the_one_it_copies(make: Any) -> None:
    folder = make(*(f"{number:02}.png" for number in range(20)))
    for path in sorted(folder.path.glob("*.png")):
        folder.text(f"copy/{path.name}", path.read_bytes())
    assert len(folder.open(labels=False).images) == 20
    folder.text("copy/19.png", (folder.path / "19.png").read_bytes() + b" ")
    assert len(folder.open(labels=False).images) == 40


def test_copies_inside_copies_are_left_out(make: Any) -> None:
    folder = make("1.png", "2.png")
    for place in ("x", "x/x"):
        for name in ("1.png", "2.png"):
            folder.text(f"{place}/{name}", (folder.path / name).read_bytes())
    assert folder.open().images.names == ("1.png", "2.png")


@pytest.mark.parametrize("place", ["test/", "test/images/", "test/unknown/"])
def test_a_split_without_classes_beside_one_with_them_is_left_out(place: str, make: Any) -> None:
    dataset = make(*TRAIN, f"{place}4.png", f"{place}5.png").open()
    assert sizes(dataset) == {"train": 3}
    assert classes(dataset) == ("cat", "dog")
    assert left_out(dataset) == {"images in test, which has no class folders": 2}


def test_a_class_of_any_name_is_one_where_it_is_trained_on(make: Any) -> None:
    dataset = make("train/unknown/1.png", "train/dog/2.png", "test/unknown/3.png").open()
    assert sizes(dataset) == {"train": 2, "test": 1}


def test_a_split_without_classes_is_used_where_labels_are_not(make: Any) -> None:
    assert sizes(make(*TRAIN, "test/4.png").open(labels=False)) == {"train": 3, "test": 1}


def test_splits_may_lie_inside_class_folders(make: Any) -> None:
    folder = make("cats/train/1.png", "cats/test/2.png", "dogs/Train/3.png")
    assert folder.shown() == {
        "cats/train/1.png": "cats",
        "dogs/Train/3.png": "dogs",
        "cats/test/2.png": "cats",
    }
    assert sizes(folder.open()) == {"train": 2, "test": 1}
    assert "The splits are folders inside those of the classes." in folder.open().notice
    assert folder.open().read_from.endswith(
        "data, its class folders with splits inside; labels are the names of folders."
    )


def test_all_class_folders_have_splits_or_none_has(make: Any) -> None:
    folder = make("cats/train/1.png", "cats/test/2.png", "dogs/3.png")
    with pytest.raises(
        DataError, match=r"The folder cats in .*the splits test, train in it, and dogs"
    ):
        folder.open()


@pytest.mark.parametrize("name", ["bus/train/1.png", "bus/train/1.png bus/car/2.png"])
def test_one_name_of_a_split_inside_a_class_is_none(name: str, make: Any) -> None:
    dataset = make(*name.split(), "plane/1.png").open()
    assert classes(dataset) == ("bus", "plane")
    assert dataset.splits == {}


def test_an_empty_folder_for_training_is_not_replaced_by_the_tests(make: Any) -> None:
    folder = make("deep/test/cat/1.png", "deep/test/dog/2.png")
    (folder.path / "deep/train").mkdir()
    with pytest.raises(DataError, match=r"deep/test, and .*deep/train has none\. Put"):
        folder.open()


def test_images_for_tests_alone_are_trained_on_with_a_word(make: Any) -> None:
    dataset = make("test/cat/1.png", "test/dog/2.png").open()
    assert "All images lie in the folder test, and are trained on." in dataset.notice
    assert classes(dataset) == ("cat", "dog")


@pytest.mark.parametrize(
    "names", ["trainA trainB testA testB", "train_cat training_dog test_cat", "trainA testA"]
)
def test_names_that_join_a_split_and_a_class_are_refused(names: str, make: Any) -> None:
    folder = make(*(f"{name}/1.png" for name in names.split()))
    with pytest.raises(DataError, match=r"join a split and a class\. Put .* train/(A|cat), or"):
        folder.open()


@pytest.mark.parametrize("names", ["trainer tester", "trainA trainB", "trainA testA bus"])
def test_names_that_only_begin_like_splits_are_classes(names: str, make: Any) -> None:
    dataset = make(*(f"{name}/1.png" for name in names.split())).open()
    assert classes(dataset) == tuple(sorted(names.split()))


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("TRAIN", "train"),
        ("train_images", "train"),
        ("images-train", "train"),
        ("Train2017", "train"),
        ("trainset", "train"),
        ("Training Set", "train"),
        ("val2017", "validation"),
        ("test_data", "test"),
        ("trainer", None),
        ("train_wagon", None),
        ("bullet train", None),
        ("train test", None),
        ("images", None),
        ("2017", None),
        ("", None),
    ],
)
def test_splits_are_known_by_their_usual_names(name: str, split: str | None) -> None:
    assert split_named(name) == split


def test_a_number_behind_a_name_is_dropped_where_there_is_one_of_them() -> None:
    assert splits_of_folders(["test1", "train"]) == {"test1": "test", "train": "train"}
    assert splits_of_folders(["test1", "test2"]) == {"test1": None, "test2": None}
    assert splits_of_folders(["test", "test1"]) == {"test": "test", "test1": None}


def test_the_notice_names_the_first_of_many_classes(make: Any) -> None:
    dataset = make(*(f"{number}/1.png" for number in range(12))).open()
    assert "each image is one of 12 (0, 1, 2, 3, 4 and 7 more)." in dataset.notice


@pytest.mark.parametrize("name", ["labels.csv", "notes.csv"])
def test_a_table_over_all_says_which_folders_are_used(name: str, make: Any) -> None:
    folder = make("train/1.png", "test/2.png", "more/3.png")
    folder.csv("file_name,kind", "train/1.png,a", "more/3.png,b", name=name)
    assert folder.shown(table=name) == {"more/3.png": "b", "train/1.png": "a"}
    assert set(folder.shown(table="none")) == {"train/1.png", "test/2.png"}


def test_folders_side_by_side_with_the_same_images_are_pointed_out(make: Any) -> None:
    folder = make("red/1.png", "red/2.png", "blue/1.png", "blue/2.png")
    assert "hold the same images" not in folder.open().notice
    shutil.copytree(folder.path / "red", folder.path / "red - Copy")
    told = "These folders hold the same images: red - Copy and red."
    assert told in folder.open().notice
    folder.images("red - Copy/2.png")
    assert told not in folder.open().notice
