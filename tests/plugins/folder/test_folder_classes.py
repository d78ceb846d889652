"""Folders that say what images show: classes, splits, and what is in neither."""

from typing import Any

import pytest

from ganx.contracts.dataset import Dataset
from ganx.errors import ConfigError, DataError


def classes(dataset: Dataset) -> tuple[str, ...]:
    assert dataset.interface.condition.kind == "classes"
    return dataset.interface.condition.groups[0].values


def test_images_without_folders_and_table_have_no_labels(make: Any) -> None:
    dataset = make("b.png", "a.png").open()
    assert dataset.interface.condition.kind == "none"
    assert dataset.conditions.shape == (2, 0)
    assert dataset.images.names == ("a.png", "b.png")
    assert dataset.notice == (
        "There are neither class folders nor a table, so the images have no labels."
    )


def test_each_folder_is_a_class_and_the_order_is_that_of_names(make: Any) -> None:
    folder = make("dog/1.png", "cat/2.png", "cat/10.png")
    assert folder.shown() == {"cat/10.png": "cat", "cat/2.png": "cat", "dog/1.png": "dog"}
    assert classes(folder.open()) == ("cat", "dog")
    assert folder.open().notice == (
        "The folders' names are read as classes: each image is one of 2 (cat, dog)."
    )


def test_classes_that_are_numbers_are_ordered_by_size(make: Any) -> None:
    assert classes(make("10/1.png", "9/1.png", "-1/1.png").open()) == ("-1", "9", "10")


def test_images_deep_in_a_class_folder_belong_to_it(make: Any) -> None:
    folder = make("cat/1.png", "cat/siamese/2.png", "dog/a/b/3.png")
    assert set(folder.shown().values()) == {"cat", "dog"}


@pytest.mark.parametrize("wrapper", ["archive/", "data set/archive/"])
def test_folders_around_all_images_are_no_classes(wrapper: str, make: Any) -> None:
    folder = make(f"{wrapper}cat/1.png", f"{wrapper}dog/2.png")
    assert classes(folder.open()) == ("cat", "dog")


def test_one_folder_with_all_images_is_no_class(make: Any) -> None:
    assert make("images/1.png", "images/2.png").open().interface.condition.kind == "none"


def test_class_folders_may_be_read_as_labels_or_an_attribute(make: Any) -> None:
    folder = make("a;b/1.png", "c/2.png")
    assert folder.shown(kind="labels") == {"a;b/1.png": "a;b", "c/2.png": "c"}
    assert folder.shown(kind="attributes")["c/2.png"] == "class=c"


@pytest.mark.parametrize("ending", [".PNG", ".Jpg", ".jpeg", ".WEBP", ".bmp", ".tiff"])
def test_endings_may_be_in_any_case(ending: str, make: Any) -> None:
    assert len(make(f"1{ending}").open().images) == 1


def test_other_files_and_hidden_ones_are_passed_over(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png", ".trash/3.png", "cat/._1.png", "__MACOSX/cat/1.png")
    folder.text("README.md", "").text("cat/Thumbs.db", "").text("notes.csv", "a,b")
    assert len(folder.open().images) == 2
    assert classes(folder.open()) == ("cat", "dog")


def test_names_of_any_language_are_kept_and_composed(make: Any) -> None:
    decomposed = "fu\u0308chse"
    folder = make(f"{decomposed}/1.png", "狐/2.png")
    assert classes(folder.open()) == ("f\u00fcchse", "狐")
    assert f"{decomposed}/1.png" in folder.open().images.names
    folder.open().images.read(0, 2, "cpu")


def test_train_and_test_are_splits_of_neighbouring_images(make: Any) -> None:
    folder = make("test/cat/1.png", "train/dog/1.png", "train/cat/1.png", "val/dog/1.png")
    dataset = folder.open()
    assert list(dataset.splits.items()) == [
        ("train", slice(0, 2)),
        ("validation", slice(2, 3)),
        ("test", slice(3, 4)),
    ]
    assert list(folder.shown()) == [
        "train/cat/1.png",
        "train/dog/1.png",
        "val/dog/1.png",
        "test/cat/1.png",
    ]
    assert classes(dataset) == ("cat", "dog")


def test_splits_need_no_classes(make: Any) -> None:
    dataset = make("Training/images/1.png", "test/images/1.png").open()
    assert dataset.interface.condition.kind == "none"
    assert set(dataset.splits) == {"train", "test"}


def test_a_class_may_be_called_train_among_others(make: Any) -> None:
    dataset = make("train/1.png", "bus/2.png").open()
    assert dataset.splits == {}
    assert classes(dataset) == ("bus", "train")


def test_a_split_in_which_one_class_occurs_keeps_the_class(make: Any) -> None:
    folder = make("train/a/1.png", "train/b/1.png", "test/a/1.png")
    assert folder.shown()["test/a/1.png"] == "a"


BAD_FOLDERS = {
    "no images": ((), r"There are no images in .*data, at any depth\. Check --data DIR"),
    "images in no class": (
        ("cat/1.png", "dog/2.png", "3.png"),
        r"2 images are in class folders and 1 are not, the first of them .*3\.png\. Move them",
    ),
    "images in no class of a split": (
        ("train/cat/1.png", "train/dog/2.png", "test/cat/3.png", "test/4.png"),
        r"1 are not, the first of them .*test/4\.png",
    ),
    "no training split": (
        ("test/1.png", "val/2.png"),
        r"The folders test, val in .*data are named as parts .* there must be one 'train'",
    ),
    "a split twice": (
        ("train/1.png", "val/2.png", "valid/2.png"),
        r"train, val, valid in .*data .* no two of the same part",
    ),
    "images beside splits": (
        ("train/1.png", "test/2.png", "3.png"),
        r"The image .*3\.png lies beside the folders test, train \(1 such\)\. Move",
    ),
    "a comma in a class": (
        ("red, big/1.png", "blue/2.png"),
        r"The folder .*red, big: 'red, big' cannot be a value of 'class', as a ',' has a meaning",
    ),
    "a line break in a class": (
        ("red\nbig/1.png", "blue/2.png"),
        r"cannot be a value of 'class', as parts of it cannot be printed\. Rename it",
    ),
    "a format that is not read": (
        ("1.png", "2.HEIC"),
        r"2\.HEIC is an image of a format that ganx does not read \(1 such in the folder\)",
    ),
    "a class for each image": (
        tuple(f"{number}/1.png" for number in range(101)),
        r"data has 101 class folders for 101 images.* the limit here is 100\. If the folders are",
    ),
}


@pytest.mark.parametrize(
    ("names", "message"), BAD_FOLDERS.values(), ids=[name.replace(" ", "-") for name in BAD_FOLDERS]
)
def test_a_bad_folder_is_refused_with_what_where_and_what_to_do(
    names: tuple[str, ...], message: str, make: Any
) -> None:
    folder = make(*names)
    with pytest.raises(DataError, match=message) as raised:
        folder.open()
    assert str(folder.path) in str(raised.value)
    assert str(raised.value).endswith(".")


def test_a_hundred_classes_of_one_image_are_allowed(make: Any) -> None:
    assert len(classes(make(*(f"{number}/1.png" for number in range(100))).open())) == 100


def test_a_kind_that_nothing_is_said_for_is_refused(make: Any) -> None:
    folder = make("images/1.png", "images/2.png")
    with pytest.raises(DataError, match=r"dataset\.kind is 'classes', but nothing is said"):
        folder.open(kind="classes")


def test_columns_without_a_table_are_refused(make: Any) -> None:
    with pytest.raises(ConfigError, match=r"names columns, but there is no table in .*data\. Drop"):
        make("cat/1.png", "dog/2.png").open(columns=("hair",))


def test_a_folder_that_is_not_there_is_named(make: Any) -> None:
    folder = make()
    folder.path = folder.path / "none"
    with pytest.raises(DataError, match=r"There is no folder .*none\. Check --data DIR"):
        folder.open()


def test_an_archive_for_a_folder_is_named(make: Any) -> None:
    folder = make().text("images.tar", "").text("images.zip", "PK")
    folder.path = folder.path / "images.tar"
    with pytest.raises(DataError, match=r"images\.tar is a file.* Unpack an archive of another"):
        folder.open()
    folder.path = folder.path.parent / "images.zip"
    with pytest.raises(DataError, match=r"images\.zip cannot be read as a zip .* Download"):
        folder.open()


def test_folders_that_all_have_the_same_folders_in_them_are_pointed_out(make: Any) -> None:
    told = "has the same folders in it (blue, red), which are not read"
    years, kinds = ("2020", "2021"), ("red", "blue")
    folder = make(*(f"{year}/{kind}/1.png" for year in years for kind in kinds))
    assert classes(folder.open()) == ("2020", "2021")
    assert told in folder.open().notice
    assert told not in folder.images("2021/green/1.png").open().notice


def test_values_that_say_nothing_are_pointed_out(make: Any) -> None:
    names = [f"{number}.png" for number in range(10)]
    rows = [f"{name},{number % 2},x,{number}" for number, name in enumerate(names)]
    notice = make(*names).csv("file,kind,same,own", *rows).open().notice
    assert "The values of 'own' are all different, one for each image" in notice
    assert "The values of 'same' are all the same (x), so they say nothing." in notice
    assert "'kind'" not in notice


def test_three_classes_of_one_image_are_not_pointed_out(make: Any) -> None:
    assert "all different" not in make(*(f"{at}/1.png" for at in "abc")).open().notice


def test_classes_that_differ_in_capital_letters_are_pointed_out(make: Any) -> None:
    notice = make("Cat/1.png", "cat/2.png", "dog/3.png").open().notice
    assert "'Cat' and 'cat' differ in their capital letters only and are two." in notice


def test_a_link_within_the_folder_is_followed(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png")
    (folder.path / "fox").symlink_to(folder.path / "dog")
    assert classes(folder.open()) == ("cat", "dog", "fox")


def test_a_link_that_leads_round_in_circles_is_refused(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png")
    (folder.path / "dog" / "all").symlink_to(folder.path)
    with pytest.raises(DataError, match=r"The link .*all leads to a folder that it lies in"):
        folder.open()


def test_a_link_that_leads_out_is_refused(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png")
    outside = folder.path.parent / "outside"
    (folder.path / "dog").rename(outside)
    (folder.path / "dog").symlink_to(outside)
    with pytest.raises(DataError, match=r"The link .*data/dog leads outside .*set dataset\.links"):
        folder.open()
