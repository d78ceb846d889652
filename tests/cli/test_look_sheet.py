"""Which images of a data set are on its sheet, and in what order."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import ganx_cli.work.look_sheet
from ganx import Condition, Dataset, Group, ImageFiles, Interface
from ganx_cli.work.look_sheet import NO_LABEL, UNREADABLE, choose, write_sheet


def rows(*shown: set[int], size: int = 4) -> NDArray[np.uint8]:
    """Make conditions from the values that images show."""
    return np.array([[value in one for value in range(size)] for one in shown], np.uint8)


def classes(counts: tuple[int, ...]) -> NDArray[np.uint8]:
    """Make so many images of each class."""
    return np.eye(len(counts), dtype=np.uint8)[np.repeat(range(len(counts)), counts)]


def chosen_counts(conditions: NDArray[np.uint8], count: int, seed: int = 0) -> list[int]:
    chosen = choose(conditions, len(conditions), count, seed)
    assert len(chosen) == len(set(chosen)) == min(count, len(conditions))
    counts: list[int] = conditions[chosen].sum(axis=0, dtype=int).tolist()
    return counts


@pytest.mark.parametrize("seed", range(5))
def test_every_class_is_seen_equally_often_as_far_as_it_goes(seed: int) -> None:
    conditions = classes((1000, 50, 2))
    assert chosen_counts(conditions, 3, seed) == [1, 1, 1]
    assert chosen_counts(conditions, 12, seed) == [5, 5, 2]
    assert chosen_counts(conditions, 152, seed) == [100, 50, 2]
    assert chosen_counts(conditions, 5000, seed) == [1000, 50, 2]


def test_of_more_classes_than_images_chance_takes_some() -> None:
    conditions = classes((3,) * 600)
    first, second = (chosen_counts(conditions, 24, seed) for seed in (0, 1))
    assert max(first) == max(second) == 1
    assert first != second


@pytest.mark.parametrize("seed", range(5))
def test_a_rare_label_and_an_image_without_any_are_seen(seed: int) -> None:
    conditions = rows(*[{0, 1}] * 500, {2, 0}, {1, 3}, set())
    chosen = choose(conditions, len(conditions), 4, seed)
    assert {500, 501, 502} <= set(chosen)


def test_labels_that_came_along_with_others_are_not_taken_again() -> None:
    conditions = rows(*[{0, 1, 2}] * 50, *[{3}] * 50)
    assert chosen_counts(conditions, 10) == [5, 5, 5, 5]


@pytest.mark.parametrize("seed", range(10))
def test_an_image_that_is_there_already_is_no_turn_of_its_label(seed: int) -> None:
    conditions = rows({0, 1}, {1}, *[{2}] * 9)
    assert {0, 1} <= set(choose(conditions, len(conditions), 4, seed))


def test_without_labels_it_is_chance_alone() -> None:
    nothing = np.zeros((100, 0), np.uint8)
    assert choose(nothing, 100, 24, 7) == np.random.default_rng(7).permutation(100)[:24].tolist()


def test_the_seed_chooses_among_the_images_of_a_class() -> None:
    conditions = classes((100, 100))
    drawn = [choose(conditions, 200, 10, seed) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def labelled(folder: Path, conditions: NDArray[np.uint8]) -> Dataset:
    """Make a data set whose images have these labels, of a, b, c and d."""
    names = [f"{index}.png" for index in range(len(conditions))]
    for name in names:
        Image.new("RGB", (8, 8)).save(folder / name)
    condition = Condition("labels", (Group("shows", ("a", "b", "c", "d")),))
    return Dataset(Interface(8, 3, condition), ImageFiles(folder, names, 8), conditions)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Remember what stands on the sheet: texts and names."""
    given: list[list[str]] = []
    drawn = ganx_cli.work.look_sheet.labelled_sheet

    def remember(images: object, texts: list[str], names: list[str]) -> Image.Image:
        given.extend((texts, names))
        return drawn(images, texts, names)  # type: ignore[arg-type]

    monkeypatch.setattr(ganx_cli.work.look_sheet, "labelled_sheet", remember)
    return given


def test_the_sheet_is_sorted_by_labels_and_names_the_files(
    tmp_path: Path, given: list[list[str]]
) -> None:
    dataset = labelled(tmp_path, rows(set(), {3}, {0, 3}, {1}, {0, 1}, {0}, {3}))
    told = write_sheet(dataset, 7, 0, tmp_path / "sheet.png")
    assert told["images"] == [5, 4, 2, 3, 1, 6, 0]
    texts, names = given
    assert texts == ["a", "a, b", "a, d", "b", "d", "d", NO_LABEL]
    assert names == ["5.png", "4.png", "2.png", "3.png", "1.png", "6.png", "0.png"]


def test_an_image_that_cannot_be_decoded_has_an_empty_square(
    tmp_path: Path, given: list[list[str]]
) -> None:
    dataset = labelled(tmp_path, rows({0}, {1}))
    (tmp_path / "1.png").write_text("no image")
    told = write_sheet(dataset, 2, 0, tmp_path / "sheet.png")
    assert given[0] == ["a", UNREADABLE]
    assert len(told["damaged"]) == 1


@pytest.mark.parametrize("name", ["sheet.jpg", "sheet.webp"])
def test_a_sheet_may_have_another_format(tmp_path: Path, name: str) -> None:
    write_sheet(labelled(tmp_path, rows({0})), 1, 0, tmp_path / name)
    with Image.open(tmp_path / name) as sheet:
        assert sheet.width > 100
