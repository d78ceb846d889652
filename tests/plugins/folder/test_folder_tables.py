"""Tables that say what images show: what their columns are taken for."""

from typing import Any

import pytest

from ganx.errors import ConfigError, DataError

ABC = ("1.png", "2.png", "3.png")


def groups(folder: Any, **settings: Any) -> dict[str, tuple[str, ...]]:
    condition = folder.open(**settings).interface.condition
    return {group.name: group.values for group in condition.groups}


def test_one_column_of_csv_is_a_class(make: Any) -> None:
    folder = make(*ABC).csv("file_name,animal", "3.png,cat", "1.png,dog", '2.png," cat "')
    assert folder.shown() == {"1.png": "dog", "2.png": "cat", "3.png": "cat"}
    assert groups(folder) == {"animal": ("cat", "dog")}
    assert (
        folder.open().notice == "labels.csv is read as classes: each image is one of 2 (cat, dog)."
    )


def test_one_column_of_json_lines_is_a_class(make: Any) -> None:
    folder = make(*ABC).jsonl(
        {"file_name": "1.png", "label": 7},
        {"file_name": "2.png", "label": 10},
        {"label": 7, "file_name": "3.png"},
    )
    assert folder.shown() == {"1.png": "7", "2.png": "10", "3.png": "7"}
    assert groups(folder) == {"label": ("7", "10")}


def test_lists_in_json_lines_are_labels(make: Any) -> None:
    folder = make(*ABC).jsonl(
        {"file_name": "1.png", "objects": ["red cube", "blue cube"]},
        {"file_name": "2.png", "objects": []},
        {"file_name": "3.png", "objects": "red cube"},
    )
    assert folder.shown() == {"1.png": "blue cube, red cube", "2.png": "", "3.png": "red cube"}
    assert groups(folder) == {"objects": ("blue cube", "red cube")}
    assert folder.open().notice == (
        "metadata.jsonl is read as labels: each image has any number of 2."
    )


@pytest.mark.parametrize("mark", [";", "|"])
def test_separated_values_of_csv_are_labels(mark: str, make: Any) -> None:
    folder = make(*ABC).csv("file_name,shows", f"1.png,b{mark} a{mark}", "2.png,", "3.png,b")
    assert folder.shown() == {"1.png": "a, b", "2.png": "", "3.png": "b"}


def test_a_separator_in_json_lines_is_part_of_the_value(make: Any) -> None:
    folder = make("1.png").jsonl({"file_name": "1.png", "label": "a;b"})
    assert folder.open().interface.condition.kind == "classes"
    assert folder.shown() == {"1.png": "a;b"}


def test_a_column_may_be_read_as_classes_though_it_looks_like_labels(make: Any) -> None:
    folder = make(*ABC[:2]).csv("file_name,shows", "1.png,a;b", "2.png,a")
    assert folder.shown(kind="classes") == {"1.png": "a;b", "2.png": "a"}


def test_a_column_may_be_read_as_labels_though_each_image_has_one(make: Any) -> None:
    folder = make(*ABC[:2]).csv("file_name,shows", "1.png,a", "2.png,")
    assert folder.shown(kind="labels") == {"1.png": "a", "2.png": ""}


@pytest.mark.parametrize(("no", "yes"), [("0", "1"), ("-1", "1"), ("False", "True")])
def test_columns_of_yes_and_no_are_labels(no: str, yes: str, make: Any) -> None:
    rows = (f"1.png,{yes},{no},{yes}", f"2.png,{no},{no},{no}")
    folder = make(*ABC[:2]).csv("image_id,Smiling,Young,Bald", *rows)
    assert folder.shown() == {"1.png": "Smiling, Bald", "2.png": ""}
    assert groups(folder) == {"label": ("Smiling", "Young", "Bald")}
    assert folder.open().notice.startswith(
        "labels.csv is read as labels: each image has any number of 3, which are the columns."
    )


def test_such_columns_may_be_read_as_attributes(make: Any) -> None:
    folder = make("1.png").csv("file_name,Smiling,Young", "1.png,1,0")
    assert folder.shown(kind="attributes") == {"1.png": "Smiling=1, Young=0"}


def test_booleans_of_json_lines_are_labels(make: Any) -> None:
    folder = make("1.png").jsonl({"file_name": "1.png", "happy": True, "old": False})
    assert folder.shown() == {"1.png": "happy"}


def test_several_columns_are_attributes(make: Any) -> None:
    folder = make(*ABC).csv("file_name,hair,age", "1.png,pink,10", "2.png,blue,9", "3.png,pink,9")
    assert folder.shown()["1.png"] == "hair=pink, age=10"
    assert groups(folder) == {"hair": ("blue", "pink"), "age": ("9", "10")}
    assert folder.open().notice == (
        "labels.csv is read as attributes: each image has one value of hair (2), age (2)."
    )


def test_three_values_are_no_yes_and_no(make: Any) -> None:
    folder = make(*ABC).csv("file_name,a,b", "1.png,1,1", "2.png,0,1", "3.png,-1,1")
    assert groups(folder) == {"a": ("-1", "0", "1"), "b": ("1",)}


def test_columns_can_be_chosen_and_ordered(make: Any) -> None:
    folder = make("1.png").jsonl(
        {"file_name": "1.png", "hair": "pink", "boxes": {"x": 1}, "eyes": "blue"}
    )
    assert folder.shown(columns=("eyes", "hair")) == {"1.png": "eyes=blue, hair=pink"}
    assert folder.shown(columns=("hair",)) == {"1.png": "pink"}


def test_a_table_of_names_alone_chooses_images(make: Any) -> None:
    folder = make(*ABC).csv("file_name", "2.png")
    assert folder.shown() == {"2.png": ""}
    assert folder.open().notice == (
        "labels.csv says which images are used; they have no labels. "
        "2 images that labels.csv does not name are left out."
    )


def test_class_folders_say_nothing_where_there_is_a_table(make: Any) -> None:
    folder = make("x/1.png", "y/2.png").csv("file_name,kind", "x/1.png,a", "y/2.png,a")
    assert folder.shown() == {"x/1.png": "a", "y/2.png": "a"}


def test_names_may_be_relative_to_the_folder_of_all_images(make: Any) -> None:
    folder = make("img/align/1.png", "img/align/2.png")
    folder.csv("file_name,kind", "1.png,a", "./img/align/2.png,b")
    assert folder.shown() == {"img/align/1.png": "a", "img/align/2.png": "b"}


def test_the_table_may_lie_beside_the_images(make: Any) -> None:
    folder = make("img/1.png").csv("file_name,kind", "1.png,a", name="img/metadata.csv")
    assert folder.shown() == {"img/1.png": "a"}


def test_names_of_files_may_be_composed_otherwise_in_the_table(make: Any) -> None:
    folder = make("fu\u0308chse/1.png").csv("file_name,kind", "f\u00fcchse/1.png,a")
    assert folder.shown() == {"fu\u0308chse/1.png": "a"}


@pytest.mark.parametrize("column", ["file_name", "File_Name", "filename", "image", "path"])
def test_the_column_of_files_has_one_of_its_usual_names(column: str, make: Any) -> None:
    assert make("1.png").csv(f"kind,{column}", "a,1.png").shown() == {"1.png": "a"}


def test_file_name_goes_before_the_other_names(make: Any) -> None:
    folder = make("1.png").csv("file_name,image,path", "1.png,x,y")
    assert folder.shown() == {"1.png": "image=x, path=y"}


def test_a_byte_order_mark_quotes_and_blank_lines_are_taken_as_they_are_meant(make: Any) -> None:
    text = '\ufefffile_name,kind\r\n\r\n"1.png","a"\r\n'
    assert make("1.png").text("labels.csv", text).shown() == {"1.png": "a"}
    lines = '\ufeff{"file_name": "1.png", "kind": "b"}\n\n'
    folder = make("1.png")
    (folder.path / "labels.csv").unlink()
    assert folder.text("metadata.jsonl", lines).shown() == {"1.png": "b"}


def test_a_column_of_splits_divides_the_images(make: Any) -> None:
    folder = make(*ABC).csv("file_name,Split,kind", "1.png,test,a", "2.png,train,a", "3.png,val,b")
    assert list(folder.shown()) == ["2.png", "3.png", "1.png"]
    assert folder.open().splits == {
        "train": slice(0, 1),
        "validation": slice(1, 2),
        "test": slice(2, 3),
    }
    assert groups(folder) == {"kind": ("a", "b")}


def test_each_split_may_have_its_table(make: Any) -> None:
    folder = make("train/1.png", "test/img/1.png")
    folder.csv("file_name,hair,eyes", "1.png,pink,blue", name="train/metadata.csv")
    folder.jsonl({"file_name": "1.png", "eyes": "red", "hair": "pink"}, name="test/metadata.jsonl")
    assert folder.shown() == {
        "train/1.png": "hair=pink, eyes=blue",
        "test/img/1.png": "hair=pink, eyes=red",
    }
    assert folder.open().splits == {"train": slice(0, 1), "test": slice(1, 2)}


def test_one_table_may_serve_all_splits(make: Any) -> None:
    folder = make("train/1.png", "test/1.png")
    folder.csv("file_name,kind", "test/1.png,a", "train/1.png,b")
    assert folder.shown() == {"train/1.png": "b", "test/1.png": "a"}


def test_the_order_of_rows_does_not_matter(make: Any) -> None:
    folder = make(*ABC).csv("file_name,kind", "3.png,b", "1.png,a", "2.png,b")
    first = folder.open()
    second = folder.csv("file_name,kind", "1.png,a", "2.png,b", "3.png,b").open()
    assert first.images.fingerprint() == second.images.fingerprint()
    assert first.conditions.tolist() == second.conditions.tolist()


def test_a_column_that_is_not_there_is_refused_with_the_nearest(make: Any) -> None:
    folder = make("1.png").csv("file_name,hair,eyes", "1.png,pink,blue")
    with pytest.raises(ConfigError, match=r"'hairs'.*labels\.csv\. Did you mean 'hair'\? It has:"):
        folder.open(columns=("hairs",))


def test_many_columns_are_no_classes(make: Any) -> None:
    folder = make("1.png").csv("file_name,hair,eyes", "1.png,pink,blue")
    with pytest.raises(DataError, match=r"has 2 columns of labels \(hair, eyes\), but classes are"):
        folder.open(kind="classes")


def test_columns_of_other_values_are_no_labels(make: Any) -> None:
    folder = make(*ABC[:2]).csv("file_name,a,b", "1.png,1,0", "2.png,0,yes")
    with pytest.raises(DataError, match=r"labels\.csv, line 3: the column 'b' has 'yes'"):
        folder.open(kind="labels")


def test_a_list_is_no_value_of_an_attribute(make: Any) -> None:
    folder = make("1.png").jsonl({"file_name": "1.png", "hair": "pink", "shows": ["a", "b"]})
    with pytest.raises(DataError, match=r"line 1: the column 'shows' has the list \['a', 'b'\]"):
        folder.open()


def test_a_caption_for_each_image_is_refused(make: Any) -> None:
    names = [f"{number}.png" for number in range(101)]
    folder = make(*names).csv("file_name,text", *(f"{name},a picture of {name}" for name in names))
    with pytest.raises(DataError, match=r"labels\.csv: 'text' has 101 different values for 101"):
        folder.open()
