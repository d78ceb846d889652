"""Sheets of images with their texts: sizes, places, and how texts are broken."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from ganx.pictures.captions import caption, lines_of
from ganx.pictures.sheets import LARGEST, SIDE, labelled_sheet

GREY = 90


def grey(count: int, side: int, channels: int = 3) -> Tensor:
    return torch.full((count, side, side, channels), GREY, dtype=torch.uint8)


def columns_of(sheet: Image.Image) -> int:
    """Count the images in the first row of images."""
    line = np.asarray(sheet.convert("L"))[10] == GREY
    return int((np.diff(line.astype(int)) == 1).sum())


def area(sheet: Image.Image) -> int:
    return int((np.asarray(sheet.convert("L")) == GREY).sum())


@pytest.mark.parametrize(("side", "shown"), [(8, SIDE), (64, 128), (200, 200), (1024, LARGEST)])
def test_images_are_enlarged_by_whole_factors_or_made_smaller(side: int, shown: int) -> None:
    sheet = labelled_sheet(grey(1, side), ["x"])
    assert np.asarray(sheet)[8 : 8 + shown, 8 : 8 + shown].max() == GREY
    # Letters have greys of their own at their edges, so a few more may be counted.
    assert shown * shown <= area(sheet) <= shown * shown + 20


def test_enlarging_keeps_every_pixel_sharp() -> None:
    image = torch.randint(0, 256, (1, 16, 16, 3), dtype=torch.uint8)
    sheet = np.asarray(labelled_sheet(image, ["x"]))
    enlarged = image[0].repeat_interleave(7, 0).repeat_interleave(7, 1)
    assert (sheet[8 : 8 + 112, 8 : 8 + 112] == enlarged.numpy()).all()


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (2, 2), (24, 6), (96, 12)])
def test_sheets_are_wider_than_high(count: int, columns: int) -> None:
    assert columns_of(labelled_sheet(grey(count, 16), ["x"] * count)) == columns


def test_every_image_is_there_and_the_last_row_may_be_short() -> None:
    sheet = labelled_sheet(grey(7, 112), ["x"] * 7)
    assert 7 * 112**2 <= area(sheet) <= 7 * 112**2 + 100


def test_the_text_stands_below_its_image() -> None:
    sheet = np.asarray(labelled_sheet(grey(2, 112), ["", "label"]).convert("L"))
    below = sheet[8 + 112 :]
    assert below[:, :120].min() == 255
    assert below[:, 128:].min() < 64


def test_a_grey_image_makes_a_grey_sheet() -> None:
    assert labelled_sheet(grey(1, 16, channels=1), ["x"]).mode == "L"


def test_an_image_may_be_transparent() -> None:
    assert labelled_sheet(grey(1, 16, channels=4), ["x"]).mode == "RGBA"


def test_a_long_text_gets_lines_and_room_and_loses_nothing() -> None:
    text = "blue cylinder, purple cylinder, Brobdingnagian_characteristics_of_everything"
    lines = lines_of(text, 112)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert lines[:2] == ["blue cylinder,", "purple cylinder,"]
    assert all(caption(line).width <= 112 for line in lines)
    short, long = (labelled_sheet(grey(1, 112), [one]) for one in ("x", text))
    assert long.width == short.width
    assert long.height == short.height + (len(lines) - 1) * caption("x").height


def test_a_letter_that_is_too_wide_stands_alone() -> None:
    assert lines_of("abc", 1) == ["a", "b", "c"]


def test_no_text_is_an_empty_line() -> None:
    assert lines_of(" ", 112) == [""]


def test_letters_beyond_ascii_are_drawn_and_not_boxed() -> None:
    drawn = [np.asarray(caption(letter)).tobytes() for letter in ("ä", "ж", "λ")]
    assert len(set(drawn)) == 3
