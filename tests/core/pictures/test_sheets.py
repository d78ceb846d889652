"""Sheets of images with their texts: sizes, places, and how texts are broken."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from ganx.pictures.captions import caption, lines_of, width_of
from ganx.pictures.sheets import LARGEST, MOST_LINES, SIDE, labelled_sheet

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


def height_of_texts(text: str) -> float:
    """Count the lines below an image of 112 pixels."""
    return (labelled_sheet(grey(1, 112), [text]).height - 112 - 16) / caption("x").height


def test_a_text_of_too_many_lines_is_cut_and_ends_in_dots() -> None:
    words = [f"label number {word}" for word in "abcdefghij"]
    assert height_of_texts(", ".join(words[:MOST_LINES])) == MOST_LINES
    assert height_of_texts(", ".join(words)) == MOST_LINES
    shown = lines_of(", ".join(words), 112)[: MOST_LINES - 1]
    by_hand = labelled_sheet(grey(1, 112), [" ".join([*shown, f"{words[MOST_LINES - 1]}..."])])
    assert labelled_sheet(grey(1, 112), [", ".join(words)]) == by_hand


@pytest.mark.parametrize("text", ["M" * 5000, "word " * 1000, "i" * 1000])
def test_cut_texts_are_no_wider_than_others(text: str) -> None:
    assert height_of_texts(text) == MOST_LINES
    assert labelled_sheet(grey(1, 112), [text]).width == 112 + 16


def names_drawn(name: str) -> np.ndarray:
    """Return what stands below an image of 112 pixels for a name: black, from its letters."""
    drawn = np.asarray(labelled_sheet(grey(1, 112), [""], [name]).convert("L"))
    return drawn[8 + 112 + caption("x").height :, 8:120] < 200


def test_a_name_stands_below_the_text_in_grey() -> None:
    sheet = np.asarray(labelled_sheet(grey(2, 112), ["label", ""], ["1.png", "2.png"]).convert("L"))
    line = caption("x").height
    first, second = sheet[120 : 120 + line], sheet[120 + line : 120 + 2 * line]
    assert first[:, :120].min() < 64
    assert first[:, 128:].min() == 255
    assert 100 < second[:, :120].min() < 128
    assert 100 < second[:, 128:].min() < 128


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cat/1.png", "cat/1.png"),
        ("training/cats/IMG_1.png", "IMG_1.png"),
        ("1\n2\udcff.png", "1?2?.png"),
        ("a/very long name of a camera 1.png", "...f a camera 1.png"),
    ],
)
def test_a_long_name_loses_its_folders_and_then_its_beginning(name: str, shown: str) -> None:
    assert caption(shown).width <= 112
    assert (names_drawn(name) == names_drawn(shown)).all()


@pytest.mark.parametrize("line", ["", "x", "blue cylinder, j", "MMM", "Übung_жλ"])
def test_the_width_is_known_without_drawing(line: str) -> None:
    assert width_of(line) == caption(line).width


def test_a_letter_that_is_too_wide_stands_alone() -> None:
    assert lines_of("abc", 1) == ["a", "b", "c"]


def test_no_text_is_an_empty_line() -> None:
    assert lines_of(" ", 112) == [""]


def test_letters_beyond_ascii_are_drawn_and_not_boxed() -> None:
    drawn = [np.asarray(caption(letter)).tobytes() for letter in ("ä", "ж", "λ")]
    assert len(set(drawn)) == 3
