"""Parquet tables, where pyarrow is installed; and what is said where it is not."""

import json
import sys
from typing import Any

import pytest

from ganx.errors import DataError


def write(folder: Any, columns: dict[str, Any], name: str = "metadata.parquet", **info: Any) -> Any:
    arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    table = arrow.table(columns)
    if info:
        features = json.dumps({"info": {"features": info}})
        table = table.replace_schema_metadata({"huggingface": features})
    (folder.path / name).parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, folder.path / name)
    return folder


def test_without_pyarrow_it_says_how_to_get_it(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    folder = make("1.png").text("metadata.parquet", b"PAR1")
    message = r"metadata\.parquet is a Parquet file, .* needs pyarrow: pip install pyarrow\. Or wri"
    with pytest.raises(DataError, match=message):
        folder.open()


def test_a_folder_of_parquet_alone_says_that_images_inside_it_are_not_read(make: Any) -> None:
    folder = make().text("data/train-00000-of-00001.parquet", b"PAR1")
    message = (
        r"no images .* Images inside a file such as data/train-00000-of-00001\.parquet are not"
    )
    with pytest.raises(DataError, match=message):
        folder.open()


def test_a_column_of_parquet_is_a_class_and_lists_are_labels(make: Any) -> None:
    folder = make("1.png", "2.png")
    write(folder, {"file_name": ["1.png", "2.png"], "kind": ["a", "b"]})
    assert folder.shown() == {"1.png": "a", "2.png": "b"}
    write(folder, {"file_name": ["1.png", "2.png"], "shows": [["a;c", "b"], []]})
    assert folder.shown() == {"1.png": "a;c, b", "2.png": ""}


def test_numbers_name_images_and_nothing_is_an_empty_value(make: Any) -> None:
    folder = write(make("1.png", "2.png"), {"id": [1, 2], "a": [1.0, float("nan")], "b": [0, 1]})
    assert folder.shown() == {"1.png": "a", "2.png": "b"}
    assert folder.open().notice.endswith("for 1.png (2 rows).")
    write(folder, {"id": [1, 2], "kind": ["x", None]})
    with pytest.raises(DataError, match=r"metadata\.parquet, row 2: the column 'kind' is empty"):
        folder.open()


def test_class_labels_of_hugging_face_have_their_names(make: Any) -> None:
    folder = make("1.png", "2.png")
    label = {"names": ["cat", "dog"], "_type": "ClassLabel"}
    write(folder, {"file_name": ["1.png", "2.png"], "label": [1, 0]}, label=label)
    assert folder.shown() == {"1.png": "dog", "2.png": "cat"}
    several = {"feature": label, "_type": "List"}
    write(folder, {"file_name": ["1.png", "2.png"], "label": [[1, 0], []]}, label=several)
    assert folder.shown() == {"1.png": "cat, dog", "2.png": ""}


def test_images_inside_a_chosen_table_are_refused(make: Any) -> None:
    images = [{"bytes": b"x", "path": "1.png"}]
    folder = write(make("1.png"), {"image": images, "label": [1]}, "data/train-0.parquet")
    assert "data/train-0.parquet looks like a table and was not read" in folder.open().notice
    with pytest.raises(DataError, match=r"holds the images themselves, in the column 'image', and"):
        folder.open(table="data/train-0.parquet")


def test_a_damaged_file_is_refused(make: Any) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    folder = make("1.png").text("metadata.parquet", b"PAR1")
    with pytest.raises(DataError, match=r"metadata\.parquet is not Parquet: .*Write it anew\."):
        folder.open()
