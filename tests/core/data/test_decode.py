"""One image becomes a square of pixels, and what cannot is told."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from saved_images import RED, WHITE, save

from ganx.data.decode import decode_rgb
from ganx.errors import DataError


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
