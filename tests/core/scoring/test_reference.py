"""What generated images are held against: images that a run never saw, or held-out ones."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import RESOLUTION, ColourSquares, TinyDatasetConfig, open_tiny
from torch import Tensor

from ganx.contracts.dataset import Dataset
from ganx.contracts.specs import DatasetSpec, Purpose, Wish
from ganx.contracts.subject import Reference
from ganx.data.opening import opener_of
from ganx.scoring.reference import reference_of


class DrawnConfig(TinyDatasetConfig):
    """Settings of squares of which there are others."""

    shade: int = 0
    """Of the green in their corner."""

    splits: bool = False
    """Whether some are held out."""


class Shaded(ColourSquares):
    """Squares with a corner that tells the setting."""

    action = "decode"

    def __init__(self, size: int, shade: int) -> None:
        super().__init__(size)
        self._shade = shade

    def fingerprint(self) -> str:
        return f"{self._shade:032x}{len(self):032x}"

    def read(self, start: int, stop: int, device: str) -> Tensor:
        images = super().read(start, stop, device)
        images[:, -1, -1] = self._shade
        return images


def open_drawn(config: DrawnConfig) -> Dataset:
    size = config.size
    splits = {"train": slice(0, size - 9), "test": slice(size - 9, size)} if config.splits else {}
    dataset = open_tiny(TinyDatasetConfig(size=size))
    return replace(dataset, images=Shaded(size, config.shade), splits=splits)


def others(config: DrawnConfig, purpose: Purpose) -> DrawnConfig:
    return config.model_copy(update={"shade": config.shade + len(purpose)})


def fewer(config: DrawnConfig, wish: Wish) -> DrawnConfig:
    return config.model_copy(update={"size": wish.images or config.size})


def reference(
    folder: Path, settings: dict[str, Any], seen: dict[str, str] | None = None, **spec: Any
) -> Reference:
    opener = opener_of(DatasetSpec("drawn", "Drawn", DrawnConfig, open_drawn, **spec), settings)
    dataset = opener.open()
    trained_on = seen or {"fingerprint": dataset.images.fingerprint()}
    return reference_of(opener, dataset, trained_on, folder, lambda *_: None)


def numbers(images: Tensor) -> list[int]:
    """Tell which images these are."""
    assert images.shape[1:] == (3, RESOLUTION, RESOLUTION)
    return [round(value) for value in ((images[:, 0, 0, 0] + 1) * 127.5).tolist()]


def test_as_many_images_as_are_asked_for_are_made_of_those_a_run_does_not_see(
    tmp_path: Path,
) -> None:
    found = reference(tmp_path, {"size": 20, "shade": 5}, unseen=others, suited=fewer)
    assert (found.name, found.count) == ("held-out images, shade 14", 10_000)
    images, conditions = found.read(24)
    assert numbers(images) == list(range(24))
    assert images[:, :, -1, -1].unique().tolist() == pytest.approx([14 / 127.5 - 1])
    assert np.array_equal(conditions, open_tiny(TinyDatasetConfig(size=24)).conditions)


def test_of_a_fixed_number_of_unseen_images_some_are_taken_from_all_over(tmp_path: Path) -> None:
    found = reference(tmp_path, {"size": 60}, unseen=others)
    assert found.count == 60
    taken = numbers(found.read(20)[0])
    assert len(set(taken)) == 20
    assert max(taken) > 40
    assert numbers(found.read(60)[0]) == list(range(60))


def test_without_others_it_is_the_held_out_split_or_what_was_trained_on(tmp_path: Path) -> None:
    split = reference(tmp_path, {"size": 30, "splits": True})
    assert (split.name, split.count) == ("split test", 9)
    assert sorted(numbers(split.read(9)[0])) == list(range(21, 30))
    assert reference(tmp_path, {"size": 30}).name == "training images"
    other = {"fingerprint": "another", "labels_fingerprint": "some"}
    found = reference(tmp_path, {"size": 30}, seen=other)
    assert found.name == "other images than were trained on"


def test_of_a_run_that_knew_files_by_their_times_it_is_not_said_that_images_are_others(
    tmp_path: Path,
) -> None:
    files = {"fingerprint": "of times", "source": "folder"}
    found = reference(tmp_path, {"size": 30}, seen=files)
    assert found.name == "images that may or may not be those of training"
    rendered = {"fingerprint": "of a seed", "source": "rendered"}
    found = reference(tmp_path, {"size": 30}, seen=rendered)
    assert found.name == "other images than were trained on"
