"""Grey of more than eight bits: one range for the whole set becomes black to white."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.dataset import Dataset
from ganx.contracts.interface import Interface
from ganx.data.decode import decode_rgb
from ganx.data.grey import DEPTHS, Span, Values, flatness, full_depth, values_of
from ganx.data.image_files import ImageFiles
from ganx.data.store import prepare
from ganx.errors import DataError

SIDE = 8


VALUES = Values(0, 4095, np.array([0.0, 4095.0]))


def save(path: Path, values: Any, mode: str = "I;16") -> None:
    """Save grey values; a number fills the image."""
    kinds = {"I;16": "<u2", "I;16B": ">u2", "I": "<i4", "F": "<f4", "L": "u1"}
    kind = np.dtype(kinds[mode])
    pixels = np.broadcast_to(np.asarray(values), (SIDE, SIDE)).astype(kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.frombytes(mode, (SIDE, SIDE), pixels.tobytes()).save(path)


def opened(folder: Path, **settings: Any) -> ImageFiles:
    names = sorted(path.name for path in folder.iterdir())
    return ImageFiles(folder, names, SIDE, 1, **settings)


def means(images: ImageFiles) -> list[float]:
    """Return the mean of each image."""
    return images.read(0, len(images), "cpu").float().mean((1, 2, 3)).tolist()


@pytest.mark.parametrize(("mode", "ending"), [("I;16", "png"), ("I;16B", "tiff"), ("I", "tiff")])
def test_a_set_of_twelve_bits_is_as_bright_as_it_is(mode: str, ending: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    values = [rng.integers(0, high, (SIDE, SIDE)) for high in (4096, 3000, 500)]
    for number, one in enumerate(values):
        save(tmp_path / f"{number}.{ending}", one, mode)
    save(tmp_path / f"white.{ending}", 4095, mode)
    truth = [one.mean() / 4095 * 255 for one in values]
    assert means(opened(tmp_path)) == pytest.approx([*truth, 255], abs=1)


def test_eight_bits_that_are_kept_in_sixteen_are_read_as_they_are(tmp_path: Path) -> None:
    save(tmp_path / "0.png", np.arange(64).reshape(8, 8) * 4)
    assert opened(tmp_path).read(0, 1, "cpu").flatten().tolist() == [4 * n for n in range(64)]


def test_of_sixteen_bits_the_upper_eight_are_taken(tmp_path: Path) -> None:
    values = np.arange(64).reshape(8, 8) * 1040
    save(tmp_path / "0.png", values)
    assert opened(tmp_path).read(0, 1, "cpu").flatten().tolist() == (values >> 8).flatten().tolist()
    assert decode_rgb(tmp_path / "0.png", SIDE, 1).flatten().tolist() == (
        (values >> 8).flatten().tolist()
    )


def test_images_of_eight_bits_stay_as_they_are_beside_deep_ones(tmp_path: Path) -> None:
    save(tmp_path / "0.png", 200, "L")
    save(tmp_path / "1.png", 2048)
    save(tmp_path / "2.png", 4095)
    assert means(opened(tmp_path)) == [200, 128, 255]


def test_the_range_is_that_of_the_set_whichever_image_is_read_first(tmp_path: Path) -> None:
    for number in range(12):
        save(tmp_path / f"{number:02}.png", 300 * number)
    expected = [300 * number // 16 for number in range(12)]
    images = opened(tmp_path)
    backwards = [images.read(at, at + 1, "cpu")[0, 0, 0, 0].item() for at in range(12)[::-1]]
    assert backwards[::-1] == expected
    images = opened(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        read = pool.map(lambda at: images.read(at, at + 1, "cpu")[0, 0, 0, 0].item(), range(12))
        assert list(read) == expected


def test_the_range_is_found_once_and_only_where_there_are_deep_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[tuple[int, int]] = []
    monkeypatch.setattr(
        "ganx.data.survey.values_of", lambda image: (looked.append(image.size), VALUES)[1]
    )
    save(tmp_path / "0.png", 7, "L")
    images = opened(tmp_path)
    images.read(0, 1, "cpu")
    monkeypatch.setattr("ganx.data.survey.Survey.span", None)
    images.read(0, 1, "cpu")
    monkeypatch.undo()
    monkeypatch.setattr(
        "ganx.data.survey.values_of", lambda image: (looked.append(image.size), VALUES)[1]
    )
    save(tmp_path / "1.png", 7)
    images = opened(tmp_path)
    for _ in range(3):
        images.read(0, 2, "cpu")
    assert looked == [(SIDE, SIDE)]


def test_a_set_that_changed_gets_another_range(tmp_path: Path) -> None:
    save(tmp_path / "data" / "0.png", 2048)
    save(tmp_path / "data" / "1.png", 4095)
    images = opened(tmp_path / "data")
    dataset = Dataset(Interface(SIDE, 1, UNCONDITIONAL), images, np.zeros((2, 0), np.uint8))
    assert prepare(dataset, "folder", tmp_path / "cache").images[:, 0, 0, 0].tolist() == [128, 255]
    save(tmp_path / "data" / "1.png", 65535)
    assert prepare(dataset, "folder", tmp_path / "cache").images[:, 0, 0, 0].tolist() == [8, 255]


def test_negative_values_are_as_deep_below_nought_as_above(tmp_path: Path) -> None:
    for number, value in enumerate((-1024, 0, 3071)):
        save(tmp_path / f"{number}.tiff", value, "I")
    assert means(opened(tmp_path)) == [96, 128, 223]


def test_a_range_that_is_given_becomes_black_to_white_and_is_known_by(tmp_path: Path) -> None:
    for number, value in enumerate((29000, 30000, 31000, 32000, 33000)):
        save(tmp_path / f"{number}.png", value)
    images = opened(tmp_path, grey_range=(30000, 32000))
    assert means(images) == [0, 0, 128, 255, 255]
    assert images.fingerprint() != opened(tmp_path).fingerprint()
    assert images.fingerprint() != opened(tmp_path, grey_range=(30000, 32000.5)).fingerprint()
    assert images.fingerprint() == opened(tmp_path, grey_range=(30000.0, 32000.0)).fingerprint()


def test_floating_point_numbers_are_read_where_their_range_is_given(tmp_path: Path) -> None:
    for number, value in enumerate((-1.0, 0.0, 0.5, 1.0)):
        save(tmp_path / f"{number}.tiff", value, "F")
    assert means(opened(tmp_path, grey_range=(0, 1))) == [0, 0, 128, 255]
    with pytest.raises(DataError, match="floating-point numbers of unknown range"):
        opened(tmp_path).read(0, 1, "cpu")


def test_what_is_no_number_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "0.tiff", np.nan, "F")
    with pytest.raises(DataError, match=r"0\.tiff: some of its pixels are no numbers"):
        opened(tmp_path, grey_range=(0, 1)).read(0, 1, "cpu")


def test_a_damaged_image_is_named_and_the_range_is_that_of_the_others(tmp_path: Path) -> None:
    save(tmp_path / "0.png", 4095)
    save(tmp_path / "1.png", np.random.default_rng(0).integers(0, 65535, (SIDE, SIDE)))
    (tmp_path / "1.png").write_bytes((tmp_path / "1.png").read_bytes()[:-60])
    images = opened(tmp_path)
    assert images.read(0, 1, "cpu").float().mean() == 255
    with pytest.raises(DataError, match=r"1\.png"):
        images.read(1, 2, "cpu")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 0, (0, 255)),
        (0, 255, (0, 255)),
        (7, 256, (0, 1023)),
        (0, 4095, (0, 4095)),
        (0, 32000, (0, 32767)),
        (0, 32769, (0, 65535)),
        (0, 2**31 - 1, (0, 2**31 - 1)),
        (-(2**31), 0, (-(2**31), 2**31 - 1)),
        (-256, 3, (-256, 255)),
        (-257, 3, (-1024, 1023)),
    ],
)
def test_the_next_full_depth_is_taken(
    low: float, high: float, expected: tuple[float, float]
) -> None:
    assert full_depth(low, high) == Span(*expected)


def test_depths_rise() -> None:
    assert list(DEPTHS) == sorted(set(DEPTHS))


def test_a_set_that_uses_hardly_any_of_its_range_is_told_of(tmp_path: Path) -> None:
    save(tmp_path / "0.png", 30000)
    save(tmp_path / "1.png", 32000)
    expected = (
        "Nearly all values of images of more than 8 bits are 30,000 to 32,000, which is 6 % of the "
        "range 0 to 32,767: set dataset.grey_range=[30000, 32000]."
    )
    assert opened(tmp_path).survey() == (expected,)
    assert opened(tmp_path, grey_range=(30000, 32000)).survey() == ()


def test_a_set_that_uses_its_range_is_not_told_of(tmp_path: Path) -> None:
    save(tmp_path / "0.png", 7, "L")
    assert opened(tmp_path).survey() == ()
    save(tmp_path / "1.png", 0)
    save(tmp_path / "2.png", 1024)
    assert opened(tmp_path).survey() == ()


def test_a_hot_pixel_does_not_hide_that_the_others_use_hardly_any_of_the_range(
    tmp_path: Path,
) -> None:
    pixels = np.full((40, 40), 100, np.uint16)
    pixels[20:] = 300
    pixels[0, 0] = 65535
    Image.fromarray(pixels).save(tmp_path / "0.png")
    images = opened(tmp_path)
    (told,) = images.survey()
    assert "are 100 to 300, which is 0 % of the range 0 to 65,535" in told
    assert images.read(0, 1, "cpu").max() < 2 + 255 // SIDE


def values(*some: float) -> Values:
    return Values(min(some), max(some), np.array(some, np.float64))


def test_flatness_suggests_fractions_and_nothing_for_a_single_value() -> None:
    told = flatness(Span(0, 255, True), values(0.25, 0.75))
    assert told.endswith("set dataset.grey_range=[0.25, 0.75].")
    assert flatness(Span(0, 255), values(7, 7)) == ""
    assert "5 to 9, which is 0 % of the range 0 to 1" in flatness(Span(0, 1, True), values(5, 9))


def test_values_come_from_all_over_an_image() -> None:
    image = Image.fromarray(np.arange(10_000, dtype=np.uint16).reshape(100, 100))
    low, high, sample, floats = values_of(image)
    assert (low, high, floats) == (0, 9999, False)
    assert 4096 <= len(sample) <= 8192
    assert sample.mean() == pytest.approx(5000, rel=0.01)


def test_a_range_for_floating_point_images_is_suggested(tmp_path: Path) -> None:
    pixels = np.linspace(4.4e-06, 0.99987, SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE)
    Image.fromarray(pixels).save(tmp_path / "0.tiff")
    images = opened(tmp_path)
    (told,) = images.survey()
    assert told.endswith("images are 0 to 1: set dataset.grey_range=[0, 1] to have them read.")
    with pytest.raises(DataError, match="floating-point numbers of unknown range"):
        images.read(0, 1, "cpu")
    assert opened(tmp_path, grey_range=(0, 1)).survey() == ()


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.25, 0.75, "[0.25, 0.75]"),
        (-1.234, 98.71, "[-2, 99]"),
        (0.125, 0.625, "[0.12, 0.63]"),
    ],
)
def test_a_suggested_range_has_few_digits(low: float, high: float, expected: str) -> None:
    assert expected in flatness(Span(0, 10**6, True), values(low, high))
