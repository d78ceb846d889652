import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from ganx.contracts.dataset import Dataset, training_range
from ganx.data.store import prepare
from ganx.errors import DataError
from ganx_mnist.config import MnistConfig
from ganx_mnist.dataset import open_dataset
from ganx_mnist.idx import Kind, read_array

Digits = Callable[..., NDArray[np.uint8]]
Fill = Callable[..., Path]
Write = Callable[[Path, NDArray[np.uint8]], Path]


def opened(folder: Path, **settings: Any) -> Dataset:
    return open_dataset(MnistConfig(folder=folder, **{"resolution": 28, **settings}))


def pixels(dataset: Dataset) -> NDArray[np.uint8]:
    return dataset.images.read(0, len(dataset.images), "cpu").numpy()


def shown(dataset: Dataset) -> list[int]:
    return [int(dataset.interface.condition.decode(row)) for row in dataset.conditions]


def trained(dataset: Dataset) -> int:
    return len(training_range(dataset))


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_digits_of_28_pixels_stay_as_they_are(
    ending: str, tmp_path: Path, digits: Digits, fill: Fill
) -> None:
    dataset = opened(fill(tmp_path / "data", test=12, ending=ending))
    np.testing.assert_array_equal(pixels(dataset)[..., 0], digits(12))
    assert shown(dataset) == [*range(10), 0, 1]
    store = prepare(dataset, "mnist", tmp_path / "cache")
    np.testing.assert_array_equal(store.images[..., 0], digits(12))


def test_other_sizes_are_resized_as_pillow_does(tmp_path: Path, digits: Digits, fill: Fill) -> None:
    dataset = opened(fill(tmp_path, test=3), resolution=64)
    expected = Image.fromarray(digits(3)[2]).resize((64, 64), Image.Resampling.BILINEAR)
    assert pixels(dataset).shape == (3, 64, 64, 1)
    np.testing.assert_array_equal(pixels(dataset)[2, ..., 0], np.asarray(expected))


@pytest.mark.parametrize("name", ["t10k-{}-{}-ubyte", "t10k-{}.{}-ubyte", "raw/t10k-{}-{}-ubyte"])
def test_files_are_found_under_their_usual_names(
    name: str, tmp_path: Path, digits: Digits, write: Write
) -> None:
    write(tmp_path / name.format("images", "idx3"), digits(4))
    write(tmp_path / name.format("labels", "idx1"), np.zeros(4, np.uint8))
    assert len(opened(tmp_path).images) == 4


def test_the_layout_of_torchvision_is_found(tmp_path: Path, fill: Fill) -> None:
    fill(tmp_path / "MNIST" / "raw", train=5, test=3)
    assert len(opened(tmp_path).images) == 8


def test_of_a_packed_and_an_unpacked_file_the_unpacked_one_is_read(
    tmp_path: Path, fill: Fill
) -> None:
    fill(tmp_path, train=5)
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(b"\x1f\x8bnot read")
    assert pixels(opened(tmp_path)).shape[0] == 5


def test_training_images_are_trained_on_and_test_images_held_out(
    tmp_path: Path, digits: Digits, fill: Fill
) -> None:
    dataset = opened(fill(tmp_path, train=7, test=3))
    assert dataset.splits == {"train": slice(0, 7), "test": slice(7, 10)}
    np.testing.assert_array_equal(pixels(dataset)[dataset.splits["test"], ..., 0], digits(3))
    assert "7 training images of" in dataset.notice
    assert "its 3 test images held out" in dataset.notice
    assert "comparable" not in dataset.notice


def test_test_images_alone_serve_and_it_is_said(tmp_path: Path, fill: Fill) -> None:
    dataset = opened(fill(tmp_path, test=3))
    assert dataset.splits == {}
    assert trained(dataset) == 3
    assert f"The 3 test images of {tmp_path} are trained on" in dataset.notice
    assert "not comparable to published ones" in dataset.notice


def test_training_images_alone_serve_too(tmp_path: Path, fill: Fill) -> None:
    dataset = opened(fill(tmp_path, train=3))
    assert (dataset.splits, trained(dataset)) == ({}, 3)


@pytest.mark.parametrize(
    ("split", "count", "images"), [("train", 7, 10), ("test", 3, 3), ("all", 10, 10)]
)
def test_the_split_that_is_trained_on_can_be_chosen(
    split: str, count: int, images: int, tmp_path: Path, fill: Fill
) -> None:
    dataset = opened(fill(tmp_path, train=7, test=3), split=split)
    assert (trained(dataset), len(dataset.images)) == (count, images)


def test_a_split_that_is_not_there_is_refused(tmp_path: Path, fill: Fill) -> None:
    fill(tmp_path, test=3)
    message = r"no train-images-idx3-ubyte and no train-labels-idx1-ubyte.*split to 'auto'"
    with pytest.raises(DataError, match=message):
        opened(tmp_path, split="train")


@pytest.mark.parametrize("split", ["auto", "all"])
def test_images_without_labels_are_refused_with_a_way_out(
    split: str, tmp_path: Path, fill: Fill
) -> None:
    (fill(tmp_path, train=3) / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError, match=r"no train-labels-idx1-ubyte.*dataset.labels to false"):
        opened(tmp_path, split=split)
    assert len(opened(tmp_path, split=split, labels=False).images) == 3


def test_labels_without_images_are_refused(tmp_path: Path, fill: Fill) -> None:
    (fill(tmp_path, test=3) / "t10k-images-idx3-ubyte").unlink()
    with pytest.raises(DataError, match=r"no t10k-images-idx3-ubyte, so its test images cannot be"):
        opened(tmp_path, labels=False)


def test_a_part_that_lacks_a_file_is_left_out_and_it_is_said(tmp_path: Path, fill: Fill) -> None:
    (fill(tmp_path, train=7, test=3) / "train-labels-idx1-ubyte").unlink()
    dataset = opened(tmp_path)
    assert trained(dataset) == len(dataset.images) == 3
    assert "training files are left out, as there is no train-labels-idx1-ubyte" in dataset.notice


def test_labels_and_images_of_different_copies_are_refused(
    tmp_path: Path, fill: Fill, write: Write
) -> None:
    write(fill(tmp_path, train=5) / "train-labels-idx1-ubyte", np.zeros(6, np.uint8))
    message = r"train-labels-idx1-ubyte has 6 labels, but .*train-images-idx3-ubyte has 5 images"
    with pytest.raises(DataError, match=message):
        opened(tmp_path)


def test_a_label_that_is_no_digit_is_refused_by_its_place(
    tmp_path: Path, fill: Fill, write: Write
) -> None:
    labels = np.array([0, 9, 10, 11], np.uint8)
    write(fill(tmp_path, train=4) / "train-labels-idx1-ubyte", labels)
    with pytest.raises(DataError, match=r"label 2 \(counted from 0\) is 10"):
        opened(tmp_path)


def test_a_folder_without_any_of_the_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cat.png").touch()
    with pytest.raises(DataError, match=r"None of MNIST's files is in .*train-images-idx3-ubyte"):
        opened(tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "nowhere does not exist"),
        ("file", "file is a file, not a folder"),
        ("x" * 300, "Cannot look into .*File name too long"),
    ],
)
def test_what_is_no_folder_is_refused(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=message):
        opened(tmp_path / name)


def test_a_damaged_file_of_images_is_found_at_the_latest_when_it_is_read(
    tmp_path: Path, fill: Fill
) -> None:
    path = fill(tmp_path, test=30, ending=".gz") / "t10k-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte.gz is a damaged gzip file"):
        prepare(opened(tmp_path), "mnist", tmp_path / "cache")


def test_a_file_that_is_replaced_after_opening_is_noticed(
    tmp_path: Path, digits: Digits, fill: Fill, write: Write
) -> None:
    dataset = opened(fill(tmp_path, test=5))
    write(tmp_path / "t10k-images-idx3-ubyte", digits(4))
    with pytest.raises(DataError, match="was replaced while it was read"):
        pixels(dataset)


def test_a_file_that_is_gone_after_opening_is_named(tmp_path: Path, fill: Fill) -> None:
    dataset = opened(fill(tmp_path, test=5))
    (tmp_path / "t10k-images-idx3-ubyte").unlink()
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte is not there any more"):
        dataset.images.fingerprint()


def test_changed_files_and_other_splits_change_the_fingerprint(tmp_path: Path, fill: Fill) -> None:
    fill(tmp_path, train=5, test=3)
    both, test = opened(tmp_path), opened(tmp_path, split="test")
    before = both.images.fingerprint()
    assert before != test.images.fingerprint()
    fill(tmp_path, train=6)
    assert both.images.fingerprint() != before


def test_files_are_known_by_their_contents_and_not_by_time_or_place(
    tmp_path: Path, fill: Fill
) -> None:
    first = opened(fill(tmp_path / "one", train=5, test=3)).images.fingerprint()
    images = tmp_path / "one" / "train-images-idx3-ubyte"
    os.utime(images, ns=(0, 0))
    assert opened(tmp_path / "one").images.fingerprint() == first
    (tmp_path / "one").rename(tmp_path / "two")
    moved = opened(tmp_path / "two").images
    assert moved.fingerprint() == first
    images = tmp_path / "two" / images.name
    images.write_bytes(images.read_bytes()[:-1] + b"!")
    assert moved.fingerprint() != first


def test_a_link_to_a_file_elsewhere_is_followed(tmp_path: Path, fill: Fill) -> None:
    first = opened(fill(tmp_path / "one", test=3), labels=False).images.fingerprint()
    name = "t10k-images-idx3-ubyte"
    (tmp_path / "one" / name).rename(tmp_path / "elsewhere")
    (tmp_path / "one" / name).symlink_to(tmp_path / "elsewhere")
    assert opened(tmp_path / "one", labels=False).images.fingerprint() == first


def test_a_file_is_read_once_by_however_many_threads(
    tmp_path: Path, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[Path] = []

    def count(path: Path, kind: Kind) -> NDArray[np.uint8]:
        reads.append(path)
        return read_array(path, kind)

    monkeypatch.setattr("ganx_mnist.images.read_array", count)
    dataset = opened(fill(tmp_path, train=7, test=4, ending=".gz"))
    assert reads == []
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda i: dataset.images.read(i, i + 1, "cpu").numpy(), range(11)))
    np.testing.assert_array_equal(np.concatenate(rows), pixels(dataset))
    assert len(reads) == 2


def test_a_block_may_reach_from_one_file_into_the_next(
    tmp_path: Path, digits: Digits, fill: Fill
) -> None:
    dataset = opened(fill(tmp_path, train=7, test=4))
    block = dataset.images.read(5, 9, "cpu").numpy()[..., 0]
    np.testing.assert_array_equal(block, np.concatenate([digits(7)[5:], digits(4)[:2]]))


def test_the_provenance_tells_files_and_labels(tmp_path: Path, fill: Fill) -> None:
    provenance = opened(fill(tmp_path, train=7, test=4)).provenance
    assert provenance["source"] == "folder"
    assert provenance["folder"] == str(tmp_path)
    assert provenance["images"] == {"train": 7, "test": 4}
    assert provenance["trained"] == ["train"]
    assert len(provenance["labels_sha256"]) == 64
    assert json.loads(json.dumps(provenance)) == provenance
