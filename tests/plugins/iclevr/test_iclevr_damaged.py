"""Images of the lab's folder that cannot be decoded."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ganx.contracts.dataset import Dataset
from ganx.errors import DataError
from ganx_iclevr.config import IclevrConfig
from ganx_iclevr.dataset import open_dataset
from ganx_iclevr.vocabulary import OBJECTS

TRAIN = {"0.png": ["red cube"], "1.png": ["blue cube"], "2.png": ["gray cube"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, name in enumerate(TRAIN):
        Image.new("RGB", (8, 8), (number, 0, 0)).save(tmp_path / name)
    (tmp_path / "objects.json").write_text(json.dumps(dict(zip(OBJECTS, range(24), strict=True))))
    (tmp_path / "train.json").write_text(json.dumps(TRAIN))
    (tmp_path / "1.png").write_text("no image")
    return tmp_path


def opened(folder: Path, **settings: Any) -> Dataset:
    return open_dataset(IclevrConfig(folder=folder, resolution=8, **settings))


def test_they_are_named_with_the_setting_that_leaves_them_out(folder: Path) -> None:
    dataset = opened(folder)
    assert dataset.provenance["skipped_damaged"] == []
    with pytest.raises(DataError, match=r"1\.png.*Or set dataset\.skip_damaged=true"):
        dataset.images.read(0, 3, "cpu")


def test_they_are_left_out_with_their_labels(folder: Path) -> None:
    dataset = opened(folder, skip_damaged=True)
    shown = [dataset.interface.condition.decode(row) for row in dataset.conditions]
    assert shown == ["red cube", "gray cube"]
    assert dataset.images.read(0, 2, "cpu")[:, 0, 0, 0].tolist() == [0, 2]
    assert "1 image is left out" in dataset.notice
    assert dataset.provenance["skipped_damaged"] == ["1.png"]
