"""Which file is the table: its usual names, the setting, and what is said of the others."""

from typing import Any

import pytest

from ganx.errors import ConfigError, DataError

HEAD = "file_name,kind"


@pytest.mark.parametrize(
    "name",
    [
        *("Labels.csv", "METADATA.CSV", "label.csv", "annotations.csv", "attributes.csv"),
        *("dataset.csv", "list_attr_celeba.csv", "train.csv", "Training.csv", "_classes.csv"),
    ],
)
def test_a_table_is_read_under_each_usual_name_in_any_case(name: str, make: Any) -> None:
    assert make("1.png").csv(HEAD, "1.png,a", name=name).shown() == {"1.png": "a"}


def test_any_other_name_can_be_set(make: Any) -> None:
    folder = make("img/1.png").csv(HEAD, "1.png,a", name="about/notes.csv")
    assert folder.shown() == {"img/1.png": ""}
    assert folder.shown(table="about/notes.csv") == {"img/1.png": "a"}


def test_the_setting_chooses_between_usual_names(make: Any) -> None:
    folder = make("1.png").csv(HEAD, "1.png,a").csv(HEAD, "1.png,b", name="Metadata.csv")
    with pytest.raises(
        DataError, match=r"Metadata\.csv and .*labels\.csv\. Remove or rename one, o"
    ):
        folder.open()
    assert folder.shown(table="labels.csv") == {"1.png": "a"}
    assert folder.shown(table="Metadata.csv") == {"1.png": "b"}


def test_no_table_is_read_when_none_is_set(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png").text("labels.csv", "of something else")
    assert folder.shown(table="none") == {"cat/1.png": "cat", "dog/2.png": "dog"}


def test_a_table_that_is_not_there_is_refused_with_the_nearest(make: Any) -> None:
    folder = make("1.png").csv(HEAD, "1.png,a", name="notes.csv")
    message = r"'note\.csv', and there is no such table in .*data\. Did you mean 'notes\.csv'\?"
    with pytest.raises(ConfigError, match=message + r" There is: notes\.csv\. Name it relative"):
        folder.open(table="note.csv")
    assert folder.shown(table=".\\notes.csv") == {"1.png": "a"}


def test_tables_of_one_name_in_the_folders_of_splits_can_be_set(make: Any) -> None:
    folder = make("train/1.png", "test/1.png")
    folder.csv(HEAD, "1.png,a", name="train/x.csv").csv(HEAD, "1.png,b", name="test/x.csv")
    assert folder.shown(table="x.csv") == {"train/1.png": "a", "test/1.png": "b"}
    (folder.path / "train/x.csv").unlink()
    with pytest.raises(DataError, match=r"test/x\.csv is the table of one part .*none for .*train"):
        folder.open(table="x.csv")


@pytest.mark.parametrize("table", ["auto", "train.csv"])
def test_a_split_without_a_table_is_left_out_beside_one_for_training(table: str, make: Any) -> None:
    folder = make("train/1.png", "test/1.png", "test/2.png")
    folder.csv("id,kind", "1,a", name="train.csv").csv("id,kind", "1,b", name="submission.csv")
    assert folder.shown(table=table) == {"train/1.png": "a"}


def test_such_a_split_is_told(make: Any) -> None:
    folder = make("train/1.png", "test/1.png", "test/2.png").csv("id,kind", "1,a", name="train.csv")
    left = folder.open().passed_over[0]
    assert (left.what, left.count) == ("images in test, for which there is no table", 2)


@pytest.mark.parametrize("name", ["partition", "Set", "sub_set"])
def test_a_column_whose_values_are_splits_divides_the_images(name: str, make: Any) -> None:
    folder = make("1.png", "2.png").csv(f"file,kind,{name}", "1.png,a,test", "2.png,b,train")
    assert list(folder.shown().items()) == [("2.png", "b"), ("1.png", "a")]
    assert f"The column {name!r} is read as the splits of the images." in folder.open().notice
    assert set(folder.open().splits) == {"train", "test"}
    asked = folder.shown(columns=("kind", name))
    assert asked["1.png"] == f"kind=a, {name}=test"


@pytest.mark.parametrize("values", [("a", "b"), ("train", "b"), ("test", "val")])
def test_a_column_of_other_values_is_an_attribute(values: tuple[str, str], make: Any) -> None:
    rows = [f"{at}.png,x,{value}" for at, value in enumerate(values)]
    folder = make("0.png", "1.png").csv("file,kind,set", *rows)
    assert folder.open().splits == {}
    assert folder.shown()["0.png"] == f"kind=x, set={values[0]}"


def test_tables_named_as_splits_serve_the_folders_of_those_splits(make: Any) -> None:
    folder = make("train/1.png", "test/1.png")
    folder.csv("id,kind", "1,a", name="train.csv").csv("id,kind", "1,b", name="test.csv")
    assert folder.shown() == {"train/1.png": "a", "test/1.png": "b"}


def test_tables_named_as_splits_divide_images_that_lie_together(make: Any) -> None:
    folder = make("img/1.png", "img/2.png", "img/3.png").csv(HEAD, "1.png,a", name="train.csv")
    folder.csv(HEAD, "3.png,b", name="val.csv").csv(HEAD, "2.png,a", name="test.csv")
    assert list(folder.shown().items()) == [
        *(("img/1.png", "a"), ("img/3.png", "b"), ("img/2.png", "a")),
    ]
    assert folder.open().splits["validation"] == slice(1, 2)


def test_an_image_in_the_tables_of_two_splits_is_refused(make: Any) -> None:
    folder = make("1.png", "2.png").csv(HEAD, "1.png,a", name="train.csv")
    folder.csv(HEAD, "2.png,a", "1.png,a", name="test.csv")
    message = (
        r"test\.csv, line 3: the image 1\.png was already named in .*train\.csv, line 2\. Keep"
    )
    with pytest.raises(DataError, match=message):
        folder.open()


def test_such_tables_have_no_column_of_splits(make: Any) -> None:
    folder = make("1.png", "2.png").csv("file_name,split", "1.png,test", name="train.csv")
    folder.csv("file_name,split", "2.png,train", name="test.csv")
    with pytest.raises(DataError, match="column 'split', but the tables also are named as splits"):
        folder.open()


def test_two_tables_of_one_split_are_refused(make: Any) -> None:
    folder = make("1.png").csv(HEAD, "1.png,a", name="train.csv")
    folder.csv(HEAD, "1.png,a", name="train.tsv")
    with pytest.raises(DataError, match=r"two tables for the same images, .*csv and .*train\.tsv"):
        folder.open()


def test_a_table_of_tests_alone_is_not_trained_on(make: Any) -> None:
    folder = make("1.png").csv(HEAD, "1.png,a", name="test.csv")
    assert folder.shown() == {"1.png": ""}
    assert "test.csv looks like a table and was not read; dataset.table=test.csv" in (
        folder.open().notice
    )


def test_tables_that_are_not_read_are_named(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png").csv("a,b", name="notes.csv")
    assert folder.open().notice.endswith(
        "notes.csv looks like a table and was not read; dataset.table=notes.csv reads it."
    )
    for name in ("x.jsonl", "sub/y.tsv", "z.parquet"):
        folder.text(name, "")
    assert folder.open().notice.endswith(
        "notes.csv, sub/y.tsv, x.jsonl and 1 more look like tables and were not read; "
        "dataset.table=notes.csv reads it."
    )


def test_spreadsheets_are_named_with_what_to_do(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png").text("labels.xlsx", "")
    assert folder.open().notice.endswith(
        "labels.xlsx looks like a table and was not read; save it as CSV."
    )
    with pytest.raises(DataError, match=r"labels\.xlsx is a spreadsheet, which ganx does not read"):
        folder.open(table="labels.xlsx")


def test_a_file_that_cannot_be_looked_into_does_no_harm(make: Any) -> None:
    folder = make("1.png")
    (folder.path / "list.txt").symlink_to(folder.path.parent / "elsewhere.txt")
    (folder.path / "link.txt").symlink_to(folder.path / "nowhere.txt")
    assert "looks like" not in folder.open().notice


def test_a_list_in_the_outermost_folder_is_seen_beside_many_other_texts(make: Any) -> None:
    folder = make("a/1.png", "b/1.png").text("list.txt", "a/1.png 0\n")
    for number in range(30):
        folder.text(f"captions/{number}.txt", "a cat")
    assert "list.txt looks like a table" in folder.open().notice


def test_text_and_json_are_named_where_they_name_images(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png").text("README.txt", "Cats and dogs.")
    folder.text("config.json", '{"size": 3}')
    assert "looks like" not in folder.open().notice
    folder.text("list.txt", "cat/1.png 0\n")
    assert "list.txt looks like a table" in folder.open().notice


@pytest.mark.parametrize("settings", [{"labels": False}, {"kind": "none"}, {"table": "none"}])
def test_tables_that_nobody_asks_for_are_not_named(settings: dict[str, Any], make: Any) -> None:
    folder = make("1.png").csv("a,b", name="notes.csv")
    assert "looks like" not in folder.open(**settings).notice


@pytest.mark.parametrize("name", ["cat/1.txt", "cat/1.json", "cat/1.png.json", "cat/1.csv"])
def test_a_file_about_one_image_is_no_table(name: str, make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png").text(name, '{"file_name": "1.png"}')
    assert "looks like" not in folder.open().notice
