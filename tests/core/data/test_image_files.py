"""Images by a list of files: their order, and what they are known by."""

import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from saved_images import NAMES, WHITE, save, three_images

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.dataset import Dataset
from ganx.contracts.interface import Interface
from ganx.data.image_files import ImageFiles
from ganx.data.store import prepare
from ganx.errors import DataError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return three_images(tmp_path / "data")


def test_files_are_read_in_the_order_of_the_list(folder: Path) -> None:
    images = ImageFiles(folder, ["2.png", "0.png", "1.png"], 4)
    assert len(images) == 3
    assert images.read(0, 2, "cpu")[:, 0, 0, 0].tolist() == [2, 0]
    assert images.read(2, 3, "cpu").shape == (1, 4, 4, 3)


def test_the_fingerprint_stays_while_nothing_changes(folder: Path) -> None:
    assert ImageFiles(folder, NAMES, 4).fingerprint() == ImageFiles(folder, NAMES, 4).fingerprint()


def test_the_fingerprint_depends_on_names_and_settings(folder: Path) -> None:
    prints = {
        ImageFiles(folder, NAMES, 4).fingerprint(),
        ImageFiles(folder, NAMES, 5).fingerprint(),
        ImageFiles(folder, NAMES, 4, channels=1).fingerprint(),
        ImageFiles(folder, NAMES[:2], 4).fingerprint(),
        ImageFiles(folder, NAMES[::-1], 4).fingerprint(),
    }
    assert len(prints) == 5


def test_the_fingerprint_knows_contents_and_neither_times_nor_places(
    folder: Path, tmp_path: Path
) -> None:
    images = ImageFiles(folder, NAMES, 4)
    first = images.fingerprint()
    os.utime(folder / "1.png", ns=(0, 0))
    assert images.fingerprint() == first
    shutil.copytree(folder, tmp_path / "copy", copy_function=shutil.copyfile)
    assert ImageFiles(tmp_path / "copy", NAMES, 4).fingerprint() == first
    with (folder / "1.png").open("ab") as file:
        file.write(b"more")
    assert images.fingerprint() != first


def test_a_new_name_changes_the_fingerprint(folder: Path) -> None:
    first = ImageFiles(folder, NAMES, 4).fingerprint()
    (folder / "0.png").rename(folder / "00.png")
    assert ImageFiles(folder, ("00.png", *NAMES[1:]), 4).fingerprint() != first


def test_images_that_swap_their_names_change_the_fingerprint(folder: Path) -> None:
    first = ImageFiles(folder, NAMES, 4).fingerprint()
    (folder / "0.png").rename(folder / "aside.png")
    (folder / "1.png").rename(folder / "0.png")
    (folder / "aside.png").rename(folder / "1.png")
    assert ImageFiles(folder, NAMES, 4).fingerprint() != first


def test_images_that_were_decoded_are_found_again_after_they_moved(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of(place: Path) -> Dataset:
        rows = np.zeros((3, 0), np.uint8)
        return Dataset(Interface(4, 3, UNCONDITIONAL), ImageFiles(place, NAMES, 4), rows)

    before = prepare(of(folder), "folder", tmp_path / "cache")
    folder.rename(tmp_path / "moved")
    monkeypatch.setattr(ImageFiles, "read", None)
    after = prepare(of(tmp_path / "moved"), "folder", tmp_path / "cache")
    assert after.path == before.path
    assert after.images[:, 0, 0, 0].tolist() == [0, 1, 2]


def test_reading_files_to_know_them_is_told_before_they_are_decoded(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ganx.data.contents.TOLD_AFTER", -1.0)
    told: list[tuple[str, int, int]] = []
    rows = np.zeros((3, 0), np.uint8)
    images = ImageFiles(folder, NAMES, 4)
    dataset = Dataset(Interface(4, 3, UNCONDITIONAL), images, rows)
    prepare(dataset, "folder", tmp_path, progress=lambda *how_far: told.append(how_far))
    assert told == [("check", 3, 3), ("decode", 0, 3), ("decode", 3, 3)]


def test_an_image_that_changes_while_it_is_decoded_is_noticed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = ImageFiles.read

    def change(images: ImageFiles, *block: Any) -> Any:
        save(folder / "2.png", WHITE)
        return read(images, *block)

    monkeypatch.setattr(ImageFiles, "read", change)
    rows = np.zeros((3, 0), np.uint8)
    dataset = Dataset(Interface(4, 3, UNCONDITIONAL), ImageFiles(folder, NAMES, 4), rows)
    with pytest.raises(DataError, match="changed while they were being read"):
        prepare(dataset, "folder", tmp_path / "cache")


def test_an_image_that_vanishes_changes_the_fingerprint(folder: Path) -> None:
    images = ImageFiles(folder, NAMES, 4)
    first = images.fingerprint()
    (folder / "1.png").unlink()
    assert images.fingerprint() != first


def test_missing_files_are_found_before_anything_is_decoded(folder: Path) -> None:
    names = ["0.png", "gone.png", "1.png", "0.png/inner.png"]
    with pytest.raises(DataError, match=r"'gone\.png' is not in .*2 of 4 images are missing"):
        ImageFiles(folder, names, 4)


def test_a_folder_among_the_images_counts_as_missing(folder: Path) -> None:
    (folder / "a.png").mkdir()
    with pytest.raises(DataError, match=r"'a\.png' is not in"):
        ImageFiles(folder, ["0.png", "a.png"], 4)


def test_a_folder_that_may_not_be_searched_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, **_: Any) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    images = ImageFiles(folder, NAMES, 4)
    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(DataError, match=r"Cannot look at .*0\.png: Permission denied"):
        images.fingerprint()
