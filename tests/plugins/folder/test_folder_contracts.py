"""The contract of data sets on every layout."""

from collections.abc import Callable
from typing import Any

import pytest

from ganx.testing import DatasetContract
from ganx_folder.plugin import ganx_datasets

(SPEC,) = ganx_datasets()
NAMES = ("1.png", "2.png", "3.png", "4.png")

LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "bare": lambda make: make(*NAMES),
    "classes": lambda make: make("cat/1.png", "cat/2.JPG", "dog/3.png"),
    "splits": lambda make: make("train/cat/1.png", "train/dog/2.png", "test/dog/3.png"),
    "csv classes": lambda make: make(*NAMES).csv("file_name,kind", "1.png,a", "2.png,b"),
    "csv labels": lambda make: make(*NAMES).csv("file_name,shows", "1.png,a;b", "2.png,"),
    "csv flags": lambda make: make(*NAMES).csv("file_name,a,b", "1.png,1,-1", "2.png,-1,-1"),
    "csv attributes": lambda make: make(*NAMES).csv(
        "file_name,hair,eyes", "1.png,pink,blue", "3.png,blue,blue"
    ),
    "jsonl labels": lambda make: make(*NAMES).jsonl(
        {"file_name": "1.png", "objects": ["a", "b"]}, {"file_name": "2.png", "objects": []}
    ),
}


class TestFolder(DatasetContract):
    spec = SPEC
    variants = ({"resolution": 16}, {"channels": 1})

    @pytest.fixture(autouse=True, params=LAYOUTS)
    def _layout(self, request: pytest.FixtureRequest, make: Any) -> None:
        folder = LAYOUTS[request.param](make)
        self.config = {"folder": folder.path, "resolution": 8}


class TestFolderWithoutItsLabels(DatasetContract):
    spec = SPEC

    @pytest.fixture(autouse=True)
    def _layout(self, make: Any) -> None:
        folder = make("cat/1.png", "dog/2.png")
        self.config = {"folder": folder.path, "resolution": 8, "labels": False, "mirror": True}

    def test_its_judge_knows_the_labels_at_the_resolution_that_is_wished_for(self) -> None:
        labelled = self.wished(labels=True, resolution=16)
        assert labelled.interface.condition.kind == "classes"
        assert labelled.interface.resolution == 16
        assert labelled.augmentation == "mirror"
