"""Forms of tables of text: each mark between columns, lists with spaces, encodings, indices."""

from typing import Any

import pytest

from ganx.errors import DataError

AB = ("1.png", "2.png")


@pytest.mark.parametrize(
    ("name", "mark"),
    [("labels.csv", ";"), ("labels.csv", "\t"), ("labels.tsv", "\t"), ("LABELS.TSV", "\t")],
)
def test_the_header_tells_what_lies_between_columns(name: str, mark: str, make: Any) -> None:
    rows = [("file_name", "hair", "eyes"), ("1.png", "pink", "blue"), ("2.png", "red", "blue")]
    folder = make(*AB).csv(*map(mark.join, rows), name=name)
    assert folder.shown() == {"1.png": "hair=pink, eyes=blue", "2.png": "hair=red, eyes=blue"}


def test_a_semicolon_in_the_name_of_a_column_is_no_mark(make: Any) -> None:
    folder = make("1.png").csv("file_name,a;b,c", "1.png,x,y")
    assert folder.shown() == {"1.png": "a;b=x, c=y"}


def test_commas_between_labels_are_none_between_columns(make: Any) -> None:
    folder = make(*AB).csv("file_name;shows", "1.png;red, blue", "2.png;blue")
    assert folder.shown() == {"1.png": "blue, red", "2.png": "blue"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_marked_encoding_is_read(encoding: str, make: Any) -> None:
    text = "file_name,kind\r\n1.png,größe\r\n".encode(encoding)
    assert make("1.png").text("labels.csv", text).shown() == {"1.png": "größe"}


def test_a_list_of_celeba_has_a_count_then_names_then_minus_one_and_one(make: Any) -> None:
    text = "2\nSmiling Young \n1.png  1 -1\n2.png -1  1\n"
    folder = make("img/1.png", "img/2.png").text("list_attr_celeba.txt", text)
    assert folder.shown() == {"img/1.png": "Smiling", "img/2.png": "Young"}
    assert folder.open().interface.condition.kind == "labels"


def test_the_identities_of_celeba_are_classes(make: Any) -> None:
    folder = make("img/1.png", "img/2.png").text("identity_CelebA.txt", "1.png 28\n2.png 7\n")
    assert folder.shown() == {"img/1.png": "28", "img/2.png": "7"}
    assert folder.open().interface.condition.groups[0].values == ("7", "28")


def test_attributes_of_celeba_go_before_its_identities(make: Any) -> None:
    folder = make("img/1.png").text("identity_CelebA.txt", "1.png 28\n")
    folder.text("list_attr_celeba.txt", "1\nSmiling Young\n1.png 1 -1\n")
    assert folder.shown() == {"img/1.png": "Smiling"}
    assert "identity_CelebA.txt looks like a table and was not read" in folder.open().notice
    assert folder.shown(table="identity_CelebA.txt") == {"img/1.png": "28"}


def test_a_list_may_name_its_columns(make: Any) -> None:
    folder = make("1.png").text("list.txt", "file_name kind\n1.png cat\n")
    assert folder.shown(table="list.txt") == {"1.png": "cat"}


def test_a_text_file_may_be_csv(make: Any) -> None:
    folder = make("1.png").text("list.txt", "file_name,kind\n1.png,big cat\n")
    assert folder.shown(table="list.txt") == {"1.png": "big cat"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3\nSmiling Young\n1.png 1 -1\n", r"line 1: this says that there are 3 images, and 1 fo"),
        ("1\nSmiling Young\n1.png 1\n", r"line 3: there are 2 values for 3 columns"),
        ("1.png red cube\n", r"line 1: this is neither a file and a class.*Write the table as CSV"),
        ("2\n1.png a\n2.png b\n", r"line 1: this is neither a file and a class"),
        ("cat\ndog\n", r"line 1: this is neither a file and a class"),
        ("", r"list\.txt names no images"),
    ],
)
def test_a_list_that_is_none_is_refused(text: str, message: str, make: Any) -> None:
    with pytest.raises(DataError, match=message):
        make("1.png").text("list.txt", text).open(table="list.txt")


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "id", "Index"])
@pytest.mark.parametrize("numbers", [("0", "1"), ("1", "2"), ("17", "4")])
def test_a_column_that_counts_rows_is_passed_over(
    name: str, numbers: tuple[str, str], make: Any
) -> None:
    rows = (f"{numbers[0]},1.png,a", f"{numbers[1]},2.png,b")
    folder = make(*AB).csv(f"{name},file_name,kind", *rows)
    assert folder.shown() == {"1.png": "a", "2.png": "b"}
    which = f"column {name!r}" if name else "column without a name"
    assert f"The {which} only numbers the rows and is not read." in folder.open().notice


def test_numbers_that_repeat_are_no_count_of_rows(make: Any) -> None:
    folder = make(*AB).csv("file_name,id,kind", "1.png,4,a", "2.png,4,a")
    assert folder.shown()["1.png"] == "id=4, kind=a"


def test_a_column_that_counts_rows_is_read_when_it_is_named(make: Any) -> None:
    folder = make(*AB).csv("file_name,id,kind", "1.png,4,a", "2.png,5,a")
    assert folder.shown(columns=("id",)) == {"1.png": "4", "2.png": "5"}


def test_a_first_column_without_a_name_may_name_the_images(make: Any) -> None:
    folder = make(*AB).csv(",kind", "1.png,a", "2.png,b")
    assert folder.shown() == {"1.png": "a", "2.png": "b"}


@pytest.mark.parametrize("mark", [";", ","])
def test_the_mark_that_a_spreadsheet_is_told_is_taken(mark: str, make: Any) -> None:
    rows = [f"sep={mark}", f"file_name{mark}kind", f"1.png{mark}a", f"2.png{mark}b{mark}c"]
    folder = make(*AB).csv(*rows[:3])
    assert folder.shown() == {"1.png": "a"}
    with pytest.raises(DataError, match=r"line 4: there are 3 values for 2 columns"):
        folder.csv(*rows).open()


@pytest.mark.parametrize(("no", "yes"), [("FALSCH", "WAHR"), ("nein", "ja"), ("FAUX", "VRAI")])
def test_flags_may_be_written_as_spreadsheets_elsewhere_do(no: str, yes: str, make: Any) -> None:
    folder = make(*AB).csv("file_name;a;b", f"1.png;{yes};{no}", f"2.png;{yes};{yes}")
    assert folder.shown() == {"1.png": "a", "2.png": "a, b"}
