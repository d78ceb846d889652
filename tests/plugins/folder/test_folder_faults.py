"""Tables that cannot be used: each is refused with the file, the line, and what to do."""

from typing import Any

import pytest

from ganx.errors import DataError

HEAD = "file_name,kind\n"

BAD_CSV = {
    "empty": ("", r"needs one column 'file_name'.*its columns are none\."),
    "only a header": (HEAD, r"names no images\. Add a row for each image"),
    "no header": ("1.png,a\n", r"needs one column 'file_name'.*columns are '1\.png', 'a'\."),
    "spaces": (
        "file_name kind\n1.png a\n",
        r"columns are 'file_name kind'.*with a comma, a semicolon or a tab between all columns\)",
    ),
    "a row for the first line": ("1.png,a\n2.png,b\n", r"above what is the first line now and"),
    "the first empty cell in the file": (
        f"{HEAD}2.png,\n1.png,\n",
        r"line 2: the column 'kind' is empty\. .* dataset\.kind = labels an image may have none",
    ),
    "two columns of files": (
        "image,path\n1.png,1.png\n",
        r"needs one column 'file_name'.*'image' and 'path' may each be it\. Name it so",
    ),
    "a column without a name": (",file_name,kind\nx,1.png,a\n", r"line 1: column 1 has no name"),
    "another column without a name": (
        "file_name,,kind\n1.png,1,a\n",
        r"line 1: column 2 has no name",
    ),
    "a column twice": ("file_name,a,a\n1.png,x,y\n", r"line 1: two columns are called 'a'"),
    "a value too many": (f"{HEAD}1.png,a,b\n", r"line 2: there are 3 values for 2 columns"),
    "a value too few": (f"{HEAD}\n1.png\n", r"line 3: there are 1 values for 2 columns"),
    "an open quote": (f'{HEAD}1.png,"a\n', r"line 2: this is not CSV: unexpected end of data"),
    "not UTF-8": (b"file_name,kind\n1.png,\xff\n", r"is not text in UTF-8: byte 21"),
    "no name of a file": (f"{HEAD},a\n", r"line 2: the column 'file_name' has ''"),
    "an image that is not there": (
        f"{HEAD}1.png,a\n9.png,a\n8.png,a\n",
        r"line 3: there is no image '9\.png' \(2 of 3 rows name images that are not there\)",
    ),
    "a name with another ending": (f"{HEAD}1.jpg,a\n", r"there is no image '1\.jpg'"),
    "a name that climbs out": (f"{HEAD}../data/../1.png,a\n", r"there is no image '\.\./data"),
    "an absolute name": (f"{HEAD}/9.png,a\n", r"there is no image '/9\.png'"),
    "an image twice": (
        f"{HEAD}1.png,a\n2.png,a\n./1.png,b\n",
        r"line 4: the image 1\.png was already named in line 2\. Keep one row",
    ),
    "an empty class": (f"{HEAD}1.png,a\n2.png, \n", r"line 3: the column 'kind' is empty\. Give"),
    "an empty attribute": (
        "file_name,a,b\n1.png,x,y\n2.png,x,\n",
        r"line 3: the column 'b' is empty",
    ),
    "a comma in an attribute": (
        'file_name,a,b\n1.png,x,"y, z"\n',
        r"line 2: 'y, z' cannot be a value of 'b'.*Rename it\. .*dataset\.columns to \[\"b\"\]\.",
    ),
    "a comma in a label": (
        f'{HEAD}1.png,"a;b,c"\n',
        r"line 2: the column 'kind' has 'a;b,c', with ',' between labels, and ';' in or before",
    ),
    "a line break in a class": (f'{HEAD}1.png,"a\nb"\n', r"line 3: 'a\\nb' cannot be a value"),
    "a comma in a column of flags": (
        'file_name,"a,b",c\n1.png,1,0\n',
        r"labels\.csv: 'a,b' cannot be a label",
    ),
    "an equals sign in an attribute": (
        "file_name,a=b,c\n1.png,x,y\n",
        r"labels\.csv: 'a=b' cannot be the name of an attribute, as a '='",
    ),
    "two separators": (
        f"{HEAD}1.png,a;b\n2.png,a|b\n",
        r"line 3: the column 'kind' has 'a\|b', with '\|' between labels, and ';' in or before",
    ),
    "an unknown split": (
        "file_name,split\n1.png,train\n2.png,holdout\n",
        r"line 3: the column 'split' has 'holdout'\. Write one of train, validation, test",
    ),
    "no split": ("file_name,split\n1.png,\n", r"line 2: the column 'split' has ''"),
    "nothing to train on": ("file_name,split\n1.png,test\n", r"names no image to train on, only"),
}

BAD_JSON = {
    "not JSON": ('{"file_name": "1.png"}\n{oops}\n', r"line 2: this is not JSON at column 2"),
    "a list for an object": ('["1.png"]\n', r"line 1: this is not an object such as"),
    "one object over lines": ('{\n"file_name": "1.png"}\n', r"line 1: this is not JSON"),
    "a key twice": ('{"file_name": "1.png", "a": 1, "a": 2}\n', r"line 1: .*a key is there twice"),
    "not a number": ('{"file_name": "1.png", "a": NaN}\n', r"line 1: .*NaN is no value of JSON"),
    "nested without end": ("[" * 100_000, r"line 1: this"),
    "a number for a name": (
        '{"file_name": 1.5}\n',
        r"line 1: the column 'file_name' has 1\.5, not",
    ),
    "a row without a name": (
        '{"file_name": "1.png"}\n{"kind": "a"}\n',
        r"line 2: the column 'file_name' has None",
    ),
    "a row without a value": (
        '{"file_name": "1.png", "kind": "a"}\n{"file_name": "2.png"}\n',
        r"line 2: the column 'kind' is empty",
    ),
    "a table in a value": (
        '{"file_name": "1.png", "box": {"x": 1}}\n',
        r"line 1: the column 'box' has .*neither a value nor a list.*name the columns",
    ),
    "a list in a list": (
        '{"file_name": "1.png", "box": [[1, 2]]}\n',
        r"line 1: the column 'box' has \[1, 2\]",
    ),
    "no labels at all": ('{"file_name": "1.png", "a": []}\n', r"'a' gives no image a label"),
}

CASES = {f"csv: {name}": ("labels.csv", *case) for name, case in BAD_CSV.items()} | {
    f"jsonl: {name}": ("metadata.jsonl", *case) for name, case in BAD_JSON.items()
}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    CASES.values(),
    ids=[name.replace(" ", "-") for name in CASES],
)
def test_a_bad_table_is_refused_with_what_where_and_what_to_do(
    name: str, content: str | bytes, message: str, make: Any
) -> None:
    folder = make("1.png", "2.png").text(name, content)
    with pytest.raises(DataError, match=message) as raised:
        folder.open()
    assert str(raised.value).startswith(str(folder.path / name))
    assert str(raised.value).endswith(".")


BAD_PLACES = {
    "two tables": (
        ("metadata.csv", "labels.csv"),
        r"There are two tables for the same images, .*labels\.csv and .*metadata\.csv\. Remove",
    ),
    "a table deep inside": (
        ("train/deep/labels.csv",),
        r"The table .*deep/labels\.csv is not where one is read.*Move or rename it",
    ),
    "two tables of a split": (
        ("train/labels.csv", "train/metadata.csv", "test/labels.csv"),
        r"There are two tables .*train/labels\.csv and .*train/metadata\.csv\. .*dataset\.table",
    ),
    "a table for one split": (
        ("test/labels.csv",),
        r"test/labels\.csv is the table of one part .*there is none for .*train\. Add one, or",
    ),
    "tables above and below": (
        ("labels.csv", "train/labels.csv", "test/labels.csv"),
        r"There are two tables for the same images, .*data/labels\.csv and .*train/labels\.csv",
    ),
}


@pytest.mark.parametrize(
    ("tables", "message"),
    BAD_PLACES.values(),
    ids=[name.replace(" ", "-") for name in BAD_PLACES],
)
def test_tables_that_contradict_each_other_are_refused(
    tables: tuple[str, ...], message: str, make: Any
) -> None:
    folder = make("train/1.png", "test/1.png")
    for name in tables:
        folder.csv("file_name,kind", "1.png,a", name=name)
    with pytest.raises(DataError, match=message):
        folder.open()


def test_tables_of_splits_have_the_same_columns(make: Any) -> None:
    folder = make("train/1.png", "test/1.png")
    folder.csv("file_name,kind", "1.png,a", name="train/labels.csv")
    folder.csv("file_name,sort", "1.png,a", name="test/labels.csv")
    with pytest.raises(DataError, match=r"test/labels\.csv has the columns sort, and .* has kind"):
        folder.open()


def test_folders_and_a_column_do_not_both_say_the_split(make: Any) -> None:
    folder = make("train/1.png", "test/1.png")
    folder.csv("file_name,split", "train/1.png,test", "test/1.png,train")
    with pytest.raises(DataError, match="column 'split', but the images also lie in folders"):
        folder.open()
