"""Several labels in a cell, and columns that say yes or no."""

from typing import Any

import pytest

from ganx.errors import DataError

ABC = ("1.png", "2.png", "3.png")


@pytest.mark.parametrize(
    ("cells", "how"),
    [
        (('"red cube, blue ball"', "red cube", ""), ", with ',' between them"),
        (("\"['red cube', 'blue ball']\"", "['red cube']", "[]"), ", written as lists"),
        (('"[""red cube"", ""blue ball""]"', '"[""red cube""]"', "[]"), ", written as lists"),
        (("['red cube' 'blue ball']", "['red cube']", "[]"), ", written as lists"),
        (('"[red cube, blue ball]"', "[red cube]", "[]"), ", written as lists"),
        (("\"('red cube', 'blue ball')\"", "\"('red cube',)\"", "()"), ", written as lists"),
        (("red cube;blue ball", "red cube", ""), ", with ';' between them"),
    ],
)
def test_several_labels_in_a_cell_are_read_however_they_are_written(
    cells: tuple[str, ...], how: str, make: Any
) -> None:
    rows = [f"{name},{cell}" for name, cell in zip(ABC, cells, strict=True)]
    folder = make(*ABC).csv("file_name,shows", *rows)
    shown = {"1.png": "blue ball, red cube", "2.png": "red cube", "3.png": ""}
    assert folder.shown() == shown
    assert folder.open().notice == (
        f"labels.csv is read as labels: each image has any number of 2{how}."
    )


def test_quotes_and_line_breaks_in_a_written_list_are_understood(make: Any) -> None:
    folder = make("1.png").text("labels.csv", 'file_name,shows\n1.png,"[\'it\\\'s\'\n ""b""]"\n')
    assert folder.shown() == {"1.png": "b, it's"}


def test_brackets_around_other_things_are_part_of_a_class(make: Any) -> None:
    folder = make(*ABC[:2]).csv("file_name,kind", "1.png,[cat]", "2.png,[1]")
    assert folder.shown() == {"1.png": "[cat]", "2.png": "[1]"}


@pytest.mark.parametrize("cells", [('"[0, 1, 0]"', '"[1, 0, 0]"'), ("0;0;1", "1;0;0")])
def test_a_number_for_each_label_is_refused(cells: tuple[str, str], make: Any) -> None:
    folder = make(*ABC[:2]).csv("file_name,kind", f"1.png,{cells[0]}", f"2.png,{cells[1]}")
    with pytest.raises(DataError, match=r"line 2: .* the numbers 0, .*, which do not name labels"):
        folder.open()


def test_labels_may_be_numbers(make: Any) -> None:
    folder = make(*ABC[:2]).csv("file_name,kind", '1.png,"[0, 1]"', "2.png,[1]")
    assert folder.shown() == {"1.png": "0, 1", "2.png": "1"}


def test_lists_and_other_texts_do_not_mix(make: Any) -> None:
    folder = make(*ABC[:2]).csv("file_name,kind", "1.png,\"['a', 'b']\"", '2.png,"c, d"')
    with pytest.raises(
        DataError, match=r"line 3: .* has 'c, d', with ',' between labels, and '\[\]'"
    ):
        folder.open()


def test_commas_in_a_text_of_json_are_between_labels(make: Any) -> None:
    folder = make(*ABC[:2]).jsonl(
        {"file_name": "1.png", "shows": "b, a;c"}, {"file_name": "2.png", "shows": "b"}
    )
    assert folder.shown() == {"1.png": "a;c, b", "2.png": "b"}


def test_a_comma_in_what_is_to_be_a_class_is_refused_with_the_way_to_read_it(make: Any) -> None:
    folder = make("1.png").csv("file_name,kind", '1.png,"a, b"')
    message = r"'a, b' cannot be a value of 'kind'.*set dataset\.kind to 'labels' and dataset\.colu"
    with pytest.raises(DataError, match=message):
        folder.open(kind="classes")


@pytest.mark.parametrize(
    ("no", "yes"),
    [
        *(("0.0", "1.0"), ("-1.0", "1.0"), ("no", "yes"), ("No", "YES"), ("n", "y"), ("F", "T")),
        *(("", "1"), ("nan", "1.0"), ("0", "1"), ("False", "True")),
    ],
)
def test_each_way_to_say_yes_and_no_is_understood(no: str, yes: str, make: Any) -> None:
    rows = (f"1.png,{yes},{no}", f"2.png,{no},{yes}", f"3.png,{yes},{yes}")
    folder = make(*ABC).csv("file_name,Smiling,Young", *rows)
    assert folder.shown() == {"1.png": "Smiling", "2.png": "Young", "3.png": "Smiling, Young"}
    assert folder.open().interface.condition.kind == "labels"


def test_empty_cells_among_them_are_no_and_counted(make: Any) -> None:
    folder = make(*ABC).csv("file_name,a,b", "1.png,1.0,", "2.png,0.0,0.0", "3.png,,1.0")
    assert folder.shown() == {"1.png": "a", "2.png": "", "3.png": "b"}
    assert folder.open().notice == (
        "labels.csv is read as labels: each image has any number of 2, which are the columns; "
        "2 empty cells are taken for no."
    )


@pytest.mark.parametrize("values", [("f", "f", "f"), ("a", "1", "1"), ("1", "2", "1")])
def test_columns_of_other_values_are_attributes(values: tuple[str, ...], make: Any) -> None:
    rows = [f"{name},{value},1" for name, value in zip(ABC, values, strict=True)]
    folder = make(*ABC).csv("file_name,sex,old", *rows)
    assert folder.open().interface.condition.kind == "attributes"


def test_an_empty_column_is_no_flag(make: Any) -> None:
    folder = make("1.png").csv("file_name,a,notes", "1.png,1,")
    with pytest.raises(DataError, match="the column 'notes' is empty"):
        folder.open()


def test_a_single_column_of_yes_and_no_is_two_classes(make: Any) -> None:
    folder = make(*ABC[:2]).csv("file_name,smiles", "1.png,yes", "2.png,no")
    assert folder.shown() == {"1.png": "yes", "2.png": "no"}
    assert folder.open().interface.condition.kind == "classes"


def test_one_column_for_each_class_is_labels_or_classes_as_is_asked_for(make: Any) -> None:
    folder = make(*ABC).csv("file_name,cat,dog,fox", "1.png,0,1,0", "2.png,1,0,0", "3.png,0,1,0")
    assert folder.open().interface.condition.kind == "labels"
    assert folder.open().notice.startswith(
        "labels.csv is read as labels: each image has any number of 3, which are the columns; as "
        "each image has exactly one, dataset.kind=classes reads them as classes."
    )
    dataset = folder.open(kind="classes")
    assert dataset.interface.condition.kind == "classes"
    assert dataset.interface.condition.groups[0].values == ("cat", "dog", "fox")
    assert folder.shown(kind="classes") == {"1.png": "dog", "2.png": "cat", "3.png": "dog"}
    assert dataset.notice.startswith("labels.csv is read as classes: each image is one of 3, whi")


@pytest.mark.parametrize(("row", "count"), [("2.png,1,1", 2), ("2.png,0,0", 0)])
def test_columns_are_classes_where_each_image_has_one(row: str, count: int, make: Any) -> None:
    folder = make(*ABC[:2]).csv("file_name,cat,dog", "1.png,0,1", row)
    with pytest.raises(DataError, match=rf"line 3: {count} columns say yes of the image, but clas"):
        folder.open(kind="classes")
