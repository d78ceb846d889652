"""What is told of images before they are trained on, and how they become squares."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.dataset import Dataset, SurveyedSource
from ganx.contracts.interface import Interface
from ganx.data.decode import decode_rgb
from ganx.data.image_files import ImageFiles
from ganx.data.store import prepare
from ganx.data.zip_files import ZipFiles

RED, BLUE, WHITE = [255, 0, 0], [0, 0, 255], [255, 255, 255]
KEPT = "dataset.fit = crop or pad keeps their shape."


def opened(folder: Path, **settings: Any) -> ImageFiles:
    names = sorted(path.name for path in folder.iterdir())
    return ImageFiles(folder, names, 8, **{"fit": "squeeze", **settings})


def save(path: Path, size: tuple[int, int], **how: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size).save(path, **how)


def columns(path: Path, *colours: list[int], height: int = 4, **how: Any) -> Path:
    """Save an image of upright stripes, each a pixel wide."""
    row = np.array(colours, np.uint8)[None]
    Image.fromarray(np.repeat(row, height, 0)).save(path, **how)
    return path


def test_images_that_are_squeezed_are_counted_with_the_strongest(tmp_path: Path) -> None:
    for number, size in enumerate([(8, 8), (4, 16), (9, 6), (5, 5)]):
        save(tmp_path / f"{number}.png", size)
    assert opened(tmp_path).survey() == (
        f"2 of 4 images are not square (up to 4:1) and are squeezed; {KEPT}",
    )


def test_a_single_image_is_told_of_as_one(tmp_path: Path) -> None:
    save(tmp_path / "0.png", (9, 6))
    save(tmp_path / "1.png", (6, 6))
    assert opened(tmp_path).survey() == (
        f"1 of 2 images is not square (1.5:1) and is squeezed; {KEPT}",
    )


def test_nothing_is_told_of_shapes_that_are_kept_or_that_a_protocol_squeezes(
    tmp_path: Path,
) -> None:
    save(tmp_path / "0.png", (9, 6))
    for fit in ("crop", "pad", None):
        assert opened(tmp_path, fit=fit).survey() == ()


@pytest.mark.parametrize("ending", ["gif", "webp", "png", "tiff"])
def test_further_pages_and_frames_are_counted(ending: str, tmp_path: Path) -> None:
    save(tmp_path / "one.png", (8, 8))
    further = [Image.new("RGB", (8, 8), (40 * number, 9, 9)) for number in range(3)]
    save(tmp_path / f"0.{ending}", (8, 8), save_all=True, append_images=further)
    assert opened(tmp_path).survey() == (
        "1 file has further pages or frames; only the first is used.",
    )
    save(tmp_path / f"1.{ending}", (8, 8), save_all=True, append_images=further[:1])
    assert opened(tmp_path).survey() == (
        "2 files have further pages or frames; only the first is used.",
    )
    assert (opened(tmp_path).read(0, 1, "cpu") == 0).all()


def test_images_that_cannot_be_read_do_not_count(tmp_path: Path) -> None:
    save(tmp_path / "0.png", (8, 8))
    (tmp_path / "1.png").write_bytes(b"no image")
    assert opened(tmp_path).survey() == ()


def test_images_in_an_archive_are_looked_at_too(tmp_path: Path) -> None:
    save(tmp_path / "0.png", (16, 8))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "0.png", "0.png")
    images = ImageFiles(ZipFiles(tmp_path / "a.zip"), ["0.png"], 8, fit="squeeze")
    assert "1 of 1 images is not square (2:1)" in images.survey()[0]


def test_a_cached_store_tells_again_what_was_found_when_it_was_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path / "data" / "0.png", (16, 8))
    images = opened(tmp_path / "data")
    assert isinstance(images, SurveyedSource)
    dataset = Dataset(Interface(8, 3, UNCONDITIONAL), images, np.zeros((1, 0), np.uint8))
    told = images.survey()
    assert told
    assert prepare(dataset, "folder", tmp_path / "cache").notices == told
    monkeypatch.setattr(ImageFiles, "survey", None)
    store = prepare(dataset, "folder", tmp_path / "cache")
    assert store.notices == told
    assert store.to("cpu").notices == told


def test_the_middle_is_cut_out_in_whole_pixels(tmp_path: Path) -> None:
    path = columns(tmp_path / "0.png", BLUE, *[RED] * 4, BLUE, BLUE)  # 7 x 4
    assert (decode_rgb(path, 4, fit="crop") == RED).all()
    tall = tmp_path / "1.png"
    Image.open(path).transpose(Image.Transpose.TRANSPOSE).save(tall)
    assert (decode_rgb(tall, 4, fit="crop") == RED).all()


def test_a_picture_is_laid_whole_on_the_middle_of_white(tmp_path: Path) -> None:
    path = columns(tmp_path / "0.png", *[RED] * 8, height=4)
    pixels = decode_rgb(path, 8, fit="pad")
    assert (pixels[2:6] == RED).all()
    assert (pixels[[0, 1, 6, 7]] == WHITE).all()
    assert (decode_rgb(path, 8, 1, fit="pad")[0] == 255).all()


def test_padding_of_odd_sizes_is_as_even_as_whole_pixels_allow(tmp_path: Path) -> None:
    path = columns(tmp_path / "0.png", *[RED] * 3, height=7)
    pixels = decode_rgb(path, 7, fit="pad")
    assert (pixels[:, 2:5] == RED).all()
    assert (pixels[:, [0, 1, 5, 6]] == WHITE).all()
    path = columns(tmp_path / "1.png", RED, height=500)
    pixels = decode_rgb(path, 8, fit="pad")
    assert [(column == RED).all() for column in pixels.transpose(1, 0, 2)].count(True) == 1


@pytest.mark.parametrize("fit", ["squeeze", "crop", "pad"])
def test_a_square_is_the_same_however_it_is_fitted(fit: Any, tmp_path: Path) -> None:
    path = tmp_path / "0.png"
    Image.effect_noise((13, 13), 90).convert("RGB").save(path)
    assert (decode_rgb(path, 8, fit=fit) == decode_rgb(path, 8)).all()


def test_the_orientation_in_exif_comes_first(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    path = columns(tmp_path / "0.png", BLUE, BLUE, *[RED] * 2, WHITE, WHITE, height=2, exif=exif)
    assert (decode_rgb(path, 2, fit="crop") == RED).all()
    padded = decode_rgb(path, 6, fit="pad")
    assert padded[:, 2].tolist() == [BLUE, BLUE, RED, RED, WHITE, WHITE]
    assert (padded[:, [0, 1, 4, 5]] == WHITE).all()


def test_transparency_and_padding_are_the_same_white(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 4), (255, 0, 0, 0)).save(tmp_path / "0.png")
    assert (decode_rgb(tmp_path / "0.png", 8, fit="pad") == WHITE).all()


def test_images_are_known_by_how_they_are_fitted(tmp_path: Path) -> None:
    save(tmp_path / "0.png", (9, 6))
    prints = {fit: opened(tmp_path, fit=fit).fingerprint() for fit in ("squeeze", "crop", "pad")}
    assert len(set(prints.values())) == 3
    assert opened(tmp_path, fit=None).fingerprint() == prints["squeeze"]
