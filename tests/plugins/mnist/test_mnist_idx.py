import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ganx.errors import DataError
from ganx_mnist.idx import IMAGES, LABELS, Kind, read_array, read_shape

Digits = Callable[[int], NDArray[np.uint8]]
Write = Callable[[Path, NDArray[np.uint8]], Path]

NAMES = ("some-idx3-ubyte", "some-idx3-ubyte.gz")


@pytest.mark.parametrize("name", NAMES)
def test_images_come_back_as_they_were_written(
    name: str, tmp_path: Path, digits: Digits, write: Write
) -> None:
    path = write(tmp_path / name, digits(5))
    assert read_shape(path, IMAGES) == (5, 28, 28)
    np.testing.assert_array_equal(read_array(path, IMAGES), digits(5))


def test_labels_come_back_as_they_were_written(tmp_path: Path, write: Write) -> None:
    labels = np.array([3, 1, 4], dtype=np.uint8)
    assert read_array(write(tmp_path / "labels", labels), LABELS).tolist() == [3, 1, 4]


def test_sizes_are_read_with_the_most_significant_byte_first(tmp_path: Path) -> None:
    path = tmp_path / "images"
    path.write_bytes(bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3]) + b"abcdef")
    assert read_array(path, IMAGES).tolist() == [[[97, 98, 99]], [[100, 101, 102]]]


def test_what_is_gzipped_is_told_by_content_and_not_by_name(
    tmp_path: Path, digits: Digits, write: Write
) -> None:
    unpacked = write(tmp_path / "plain", digits(2)).rename(tmp_path / "plain.gz")
    packed = write(tmp_path / "packed.gz", digits(2)).rename(tmp_path / "packed")
    for path in (unpacked, packed):
        np.testing.assert_array_equal(read_array(path, IMAGES), digits(2))


def test_a_file_of_the_other_kind_is_told_by_its_number(tmp_path: Path, write: Write) -> None:
    path = write(tmp_path / "labels", np.zeros(20, np.uint8))
    with pytest.raises(DataError, match=r"labels should hold images.*0x00000801, which means labe"):
        read_shape(path, IMAGES)


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"<!DOCTYPE html><p>Not found")
    with pytest.raises(DataError, match=r"page.html should hold images.*starts with 0x3c21444f\."):
        read_shape(path, IMAGES)


@pytest.mark.parametrize("kind", [IMAGES, LABELS])
def test_a_file_that_ends_within_its_header_is_refused(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "short"
    path.write_bytes(struct.pack(">I", kind.magic))
    with pytest.raises(DataError, match="ends within its header"):
        read_shape(path, kind)


@pytest.mark.parametrize(
    ("change", "fault"), [(slice(0, -1), "cut short"), (slice(None), "too long")]
)
def test_pixels_that_the_header_does_not_promise_are_refused_on_opening(
    change: slice, fault: str, tmp_path: Path, digits: Digits, write: Write
) -> None:
    path = write(tmp_path / "images", digits(2))
    path.write_bytes((path.read_bytes() + b"x" * (fault == "too long"))[change])
    with pytest.raises(DataError, match=rf"images is {fault}: .*2 images in 1,568 bytes, but 1,56"):
        read_shape(path, IMAGES)


def test_a_gzipped_file_with_too_few_pixels_is_refused_on_reading(tmp_path: Path) -> None:
    path = tmp_path / "images.gz"
    path.write_bytes(gzip.compress(struct.pack(">4I", 0x803, 3, 2, 2) + b"12345678"))
    with pytest.raises(DataError, match="cut short"):
        read_array(path, IMAGES)


@pytest.mark.parametrize("sizes", [(0, 28, 28), (10, 0, 28), (10, 28, 70_000)])
def test_sizes_that_cannot_be_are_refused(sizes: tuple[int, ...], tmp_path: Path) -> None:
    path = tmp_path / "images"
    path.write_bytes(struct.pack(">4I", 0x803, *sizes))
    with pytest.raises(DataError, match=f"claims to hold {sizes[0]} x {sizes[1]} x {sizes[2]} im"):
        read_shape(path, IMAGES)


def test_a_gzip_file_that_is_cut_short_is_called_damaged(
    tmp_path: Path, digits: Digits, write: Write
) -> None:
    path = write(tmp_path / "images.gz", digits(20))
    path.write_bytes(path.read_bytes()[:-900])
    with pytest.raises(DataError, match=r"images.gz is a damaged gzip file \(.*Restore"):
        read_array(path, IMAGES)


@pytest.mark.parametrize("place", [3, 200, -6])
def test_a_gzip_file_with_a_changed_byte_is_called_damaged(
    place: int, tmp_path: Path, write: Write
) -> None:
    path = write(tmp_path / "images.gz", np.arange(4 * 28 * 28).astype(np.uint8).reshape(4, 28, 28))
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DataError, match="is a damaged gzip file"):
        read_array(path, IMAGES)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"Cannot read .*nowhere: No such file"):
        read_shape(tmp_path / "nowhere", IMAGES)
