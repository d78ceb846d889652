"""Image folders as Hugging Face's ``datasets`` writes and reads them, where it is installed.

``pip install datasets`` brings it, with pyarrow and pandas; these tests are skipped without.
"""

from pathlib import Path
from typing import Any

import pytest

from ganx.errors import DataError

datasets = pytest.importorskip("datasets")

# Its reader of CSV leaves the file open.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

NAMES = ("a.png", "b.png", "c.png")
WRITERS = {"csv": "to_csv", "jsonl": "to_json", "parquet": "to_parquet"}


@pytest.fixture(autouse=True)
def _quiet_and_in_a_cache_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "hf")
    datasets.disable_progress_bars()


def written(folder: Any, ending: str, column: str, said: list[Any], kind: Any = None) -> Any:
    """Let ``datasets`` write the metadata of the images."""
    rows = {"file_name": list(NAMES), column: said}
    features = None
    if kind is not None:
        features = datasets.Features({"file_name": datasets.Value("string"), column: kind})
    table = datasets.Dataset.from_dict(rows, features=features)
    getattr(table, WRITERS[ending])(str(folder.path / f"metadata.{ending}"))
    return folder


def read_back(folder: Any, column: str) -> list[Any]:
    """Read the folder as ``datasets`` does."""
    loaded = datasets.load_dataset(
        "imagefolder", data_dir=str(folder.path), split="train", cache_dir=str(folder.path / ".hf")
    )
    return list(loaded[column])


@pytest.mark.parametrize("ending", WRITERS)
def test_classes_are_read_as_datasets_reads_them(ending: str, make: Any) -> None:
    folder = written(make(*NAMES), ending, "label", ["cat", "dog", "cat"])
    assert list(folder.shown().values()) == read_back(folder, "label") == ["cat", "dog", "cat"]


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_lists_are_read_as_datasets_reads_them(ending: str, make: Any) -> None:
    said = [["red cube"], ["blue ball", "red cube"], []]
    kind = datasets.List(datasets.Value("string"))
    folder = written(make(*NAMES), ending, "objects", said, kind)
    assert read_back(folder, "objects") == said
    assert list(folder.shown().values()) == [", ".join(one) for one in said]


def test_names_of_class_labels_are_known(make: Any) -> None:
    names = datasets.ClassLabel(names=["cat", "dog"])
    folder = written(make(*NAMES), "parquet", "label", ["cat", "dog", "cat"], names)
    assert list(folder.shown().values()) == ["cat", "dog", "cat"]


def test_images_inside_a_parquet_file_are_told(make: Any, tmp_path: Path) -> None:
    folder = written(make(*NAMES), "csv", "label", ["cat", "dog", "cat"])
    hub = tmp_path / "hub"
    hub.mkdir()
    loaded = datasets.load_dataset(
        "imagefolder", data_dir=str(folder.path), split="train", cache_dir=str(tmp_path / "c")
    )
    loaded.to_parquet(str(hub / "train-00000-of-00001.parquet"))
    folder.path = hub
    with pytest.raises(DataError, match="Images inside a file such as train-00000"):
        folder.open()
