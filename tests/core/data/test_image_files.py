import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.dataset import Dataset
from ganx.contracts.interface import Interface
from ganx.data.container import FolderFiles
from ganx.data.decode import decode_rgb
from ganx.data.image_files import ImageFiles
from ganx.data.store import prepare
from ganx.errors import DataError

RED, WHITE = (255, 0, 0), (255, 255, 255)


def save(path: Path, colour: Any = RED, mode: str = "RGB", size: tuple[int, int] = (8, 6)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(3):
        save(tmp_path / "data" / f"{number}.png", (number, 0, 0))
    return tmp_path / "data"


NAMES = ("0.png", "1.png", "2.png")


def test_an_image_is_squeezed_to_the_square_and_not_cropped(tmp_path: Path) -> None:
    image = Image.new("RGB", (320, 240), RED)
    image.paste((0, 0, 255), (160, 0, 320, 240))
    image.save(tmp_path / "halves.png")
    pixels = decode_rgb(tmp_path / "halves.png", 8)
    assert pixels.shape == (8, 8, 3)
    assert pixels.dtype == np.uint8
    assert (pixels[:, :3] == RED).all()
    assert (pixels[:, 5:] == (0, 0, 255)).all()


def test_making_an_image_smaller_averages_and_does_not_skip(tmp_path: Path) -> None:
    board = np.indices((64, 64)).sum(axis=0) % 2 * np.uint8(255)
    Image.fromarray(board.astype(np.uint8)).save(tmp_path / "board.png")
    pixels = decode_rgb(tmp_path / "board.png", 8)
    assert (abs(pixels.astype(int) - 127) <= 12).all()


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("RGB", RED, RED),
        ("RGBA", (255, 0, 0, 255), RED),
        ("RGBA", (255, 0, 0, 0), WHITE),
        ("L", 7, (7, 7, 7)),
        ("LA", (7, 0), WHITE),
        ("1", 1, WHITE),
        ("I;16", 0x8001, (128, 128, 128)),
    ],
)
def test_every_mode_becomes_rgb(
    mode: str, colour: Any, expected: tuple[int, ...], tmp_path: Path
) -> None:
    path = save(tmp_path / "image.png", colour, mode)
    assert decode_rgb(path, 4)[0, 0].tolist() == list(expected)


def test_floating_point_pixels_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "image.tiff", 0.5, "F")
    with pytest.raises(DataError, match=r"image\.tiff: its pixels are floating-point numbers"):
        decode_rgb(path, 4)


def test_a_palette_with_a_transparent_colour_is_laid_on_white(tmp_path: Path) -> None:
    image = Image.new("P", (4, 4), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.save(tmp_path / "image.png", transparency=0)
    assert decode_rgb(tmp_path / "image.png", 4)[0, 0].tolist() == list(WHITE)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_channels_asked_for_are_given(channels: int, tmp_path: Path) -> None:
    path = save(tmp_path / "image.png", (10, 10, 10, 10), "RGBA")
    pixels = decode_rgb(path, 4, channels)
    assert pixels.shape == (4, 4, channels)
    assert pixels[0, 0, -1] == (10 if channels in {2, 4} else 245)


def test_the_orientation_in_exif_is_applied(tmp_path: Path) -> None:
    image = Image.new("RGB", (8, 8), RED)
    image.paste((0, 0, 255), (4, 0, 8, 8))
    exif = Image.Exif()
    exif[0x0112] = 2  # mirrored left to right
    image.save(tmp_path / "image.png", exif=exif)
    assert decode_rgb(tmp_path / "image.png", 8)[0, 0].tolist() == [0, 0, 255]


def test_a_truncated_image_is_named(tmp_path: Path) -> None:
    path = tmp_path / "image.png"
    Image.effect_noise((64, 64), 50).save(path)
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(
        DataError, match=r"Cannot decode the image .*image\.png.*truncated.*Copy or"
    ):
        decode_rgb(path, 8)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\xff" * 40])
def test_a_file_that_is_no_image_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "image.png").write_bytes(content)
    with pytest.raises(DataError, match=r"Cannot decode the image .*image\.png"):
        decode_rgb(tmp_path / "image.png", 8)


def test_no_single_wrong_byte_gives_another_error(tmp_path: Path) -> None:
    whole = save(tmp_path / "whole.png").read_bytes()
    path = tmp_path / "image.png"
    refused = 0
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            decode_rgb(path, 4)
        except DataError:
            refused += 1
    assert refused > len(whole) // 2


def test_a_format_that_could_start_programs_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "image.png"
    Image.new("RGB", (4, 4)).save(path, "EPS")
    with pytest.raises(DataError, match="it is none of PNG, JPEG"):
        decode_rgb(path, 4)


@pytest.mark.parametrize("limit", [47, 10])
def test_an_oversized_image_is_refused(
    limit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "image.png", size=(8, 6))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    with pytest.raises(DataError, match=r"image\.png: it is too large to be decoded safely.*48"):
        decode_rgb(path, 4)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_an_oversized_image_is_refused_where_warnings_are_not_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "image.png", size=(8, 6))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 47)
    with pytest.raises(DataError, match="8x6 pixels, the limit is 47"):
        decode_rgb(path, 4)


def test_a_missing_image_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.png: it does not exist"):
        decode_rgb(tmp_path / "none.png", 4)


def test_an_image_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, **_: Any) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Image, "open", refuse)
    with pytest.raises(DataError, match=r"image\.png: Permission denied"):
        decode_rgb(tmp_path / "image.png", 4)


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


@pytest.mark.parametrize("name", ["../secret.png", "sub/../../secret.png", "/etc/hosts", ".."])
def test_a_name_that_points_outside_is_refused(name: str, folder: Path) -> None:
    save(folder.parent / "secret.png")
    with pytest.raises(DataError, match=r"points outside the folder"):
        FolderFiles(folder).stamp(name)
    with pytest.raises(DataError, match=r"points outside the folder"):
        ImageFiles(folder, [name], 4)


def test_an_absolute_name_is_refused_even_of_the_folder_itself(folder: Path) -> None:
    with pytest.raises(DataError, match="points outside"):
        FolderFiles(folder).stamp(str(folder / "0.png"))


def test_a_link_that_leads_outside_is_refused(folder: Path) -> None:
    secret = save(folder.parent / "secret.png")
    (folder / "link.png").symlink_to(secret)
    with pytest.raises(
        DataError, match=r"The link .*link\.png leads outside the .*secret\.png\. Copy"
    ):
        FolderFiles(folder).stamp("link.png")


def test_a_folder_that_leads_outside_is_named_not_the_file_in_it(folder: Path) -> None:
    save(folder.parent / "elsewhere" / "sub" / "0.png")
    (folder / "sub").mkdir()
    (folder / "sub" / "link").symlink_to(folder.parent / "elsewhere")
    with pytest.raises(DataError, match=r"The link .*data/sub/link leads .*, or ask\.$"):
        FolderFiles(folder, instead="or ask").stamp("sub/link/sub/0.png")


def test_links_may_be_allowed_to_lead_anywhere_and_names_are_not(folder: Path) -> None:
    secret = save(folder.parent / "secret.png")
    (folder / "link.png").symlink_to(secret)
    files = FolderFiles(folder, links="anywhere")
    with files.open("link.png") as file:
        assert file.read() == secret.read_bytes()
    with pytest.raises(DataError, match=r"The name .* points outside"):
        files.stamp("../secret.png")


@pytest.mark.parametrize("target", ["gone.png", "/gone.png"])
@pytest.mark.parametrize("links", ["inside", "anywhere"])
def test_a_broken_link_is_called_so(target: str, links: Any, folder: Path) -> None:
    (folder / "link.png").symlink_to(target)
    with pytest.raises(DataError, match=rf"link\.png is broken: it leads to {target}, and"):
        FolderFiles(folder, links=links).stamp("link.png")


def test_files_are_listed_but_for_those_in_skipped_folders(folder: Path) -> None:
    for name in ("sub/deep/1.png", "sub/no/2.png", "no.png"):
        save(folder / name)
    found = set(FolderFiles(folder).names(lambda name: name == "sub/no"))
    assert {"sub/deep/1.png", "no.png"} <= found
    assert "sub/no/2.png" not in found


def test_a_neighbour_whose_name_begins_alike_is_outside(folder: Path) -> None:
    save(folder.parent / "data-secret" / "0.png")
    with pytest.raises(DataError, match="points outside"):
        FolderFiles(folder).stamp("../data-secret/0.png")


def test_links_within_the_folder_and_to_the_folder_are_followed(folder: Path) -> None:
    (folder / "link.png").symlink_to(folder / "0.png")
    (folder.parent / "other").symlink_to(folder)
    images = ImageFiles(folder.parent / "other", ["link.png", "1.png"], 4)
    assert images.read(0, 2, "cpu")[:, 0, 0, 0].tolist() == [0, 1]


@pytest.mark.parametrize("name", ["a\0b.png", "\ud800.png"])
def test_a_name_that_no_file_can_have_is_told(name: str, folder: Path) -> None:
    with pytest.raises(DataError, match="cannot be the name of a file"):
        ImageFiles(folder, [name], 4)
