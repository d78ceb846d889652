"""How the pixels of a folder's images are read."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from ganx.config import validated
from ganx.errors import ConfigError, DataError
from ganx_folder.config import FolderConfig


def test_a_range_of_grey_is_for_the_images_of_more_than_eight_bits(make: Any) -> None:
    folder = make()
    for number, value in enumerate((100, 300, 500)):
        pixels = np.full((4, 4), value, np.uint16)
        Image.fromarray(pixels).save(folder.path / f"{number}.png")
    dataset = folder.open(channels=1, grey_range=[100, 500])
    assert dataset.images.read(0, 3, "cpu")[:, 0, 0, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize(
    "wrong", ["all", 3, [1], [1, 2, 3], [2, 1], [1, 1], ["a", "b"], [0, float("inf")]]
)
def test_what_is_no_range_of_grey_is_refused(wrong: Any) -> None:
    with pytest.raises(ConfigError, match=r"dataset\.grey_range': give auto, or two numbers"):
        validated(FolderConfig, {"grey_range": wrong}, "dataset")


def test_images_that_are_not_square_are_told_of_and_fitted_as_the_settings_say(make: Any) -> None:
    folder = make()
    image = Image.new("RGB", (16, 8), "red")
    image.paste("blue", (4, 0, 12, 8))
    image.save(folder.path / "0.png")
    assert "1 of 1 images is not square (2:1)" in folder.open().images.survey()[0]
    cropped = folder.open(fit="crop").images
    assert cropped.survey() == ()
    assert (cropped.read(0, 1, "cpu") == np.array([0, 0, 255])).all()
    assert (folder.open(fit="pad").images.read(0, 1, "cpu")[0, 0] == 255).all()


def damage(folder: Any, *names: str) -> None:
    for name in names:
        (folder.path / name).write_bytes(b"")


def test_damaged_images_are_refused_with_the_setting_that_leaves_them_out(make: Any) -> None:
    folder = make("cat/1.png", "cat/2.png", "dog/3.png")
    damage(folder, "cat/2.png")
    with pytest.raises(DataError, match=r"cat/2\.png: it is empty.*dataset\.skip_damaged=true"):
        folder.open().images.read(0, 3, "cpu")


def test_damaged_images_are_left_out_with_their_labels_and_recorded(make: Any) -> None:
    folder = make("cat/1.png", "cat/2.png", "dog/3.png", "dog/4.png")
    damage(folder, "cat/1.png", "dog/4.png")
    assert folder.shown(skip_damaged=True) == {"cat/2.png": "cat", "dog/3.png": "dog"}
    dataset = folder.open(skip_damaged=True)
    assert "2 images are left out, as they cannot be decoded" in dataset.notice
    assert dataset.provenance["skipped_damaged"] == ["cat/1.png", "dog/4.png"]
    assert dataset.provenance["images"] == 2
    assert folder.open().provenance["skipped_damaged"] == []


def test_a_class_whose_images_are_all_damaged_stays_a_word_and_is_told_of(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png", "dog/3.png")
    damage(folder, "cat/1.png")
    dataset = folder.open(skip_damaged=True)
    assert dataset.interface.condition.groups[0].values == ("cat", "dog")
    assert "No image to train on shows cat." in dataset.notice
    assert "1 image is left out, as it cannot be decoded" in dataset.notice


def test_a_split_whose_images_are_all_damaged_is_gone_and_told_of(make: Any) -> None:
    folder = make("train/1.png", "train/2.png", "validation/3.png", "test/4.png")
    damage(folder, "train/1.png", "validation/3.png")
    dataset = folder.open(skip_damaged=True)
    assert dataset.splits == {"train": slice(0, 1), "test": slice(1, 2)}
    assert "No image of the split validation can be decoded, so it is gone." in dataset.notice


def test_without_an_image_to_train_on_nothing_goes_on(make: Any) -> None:
    folder = make("train/1.png", "test/4.png")
    damage(folder, "train/1.png")
    with pytest.raises(DataError, match="No image of the split train can be decoded"):
        folder.open(skip_damaged=True)
