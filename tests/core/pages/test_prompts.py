"""Prompt by prompt: the image that evaluators saw, and what the judge saw in it."""

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from seeing import DIGITS, FACES, SOLIDS, Painter, faithful, painter, reader
from shown_run import shown_evaluation, shown_subject
from torch import Tensor

from ganx.contracts.condition import Condition
from ganx.contracts.subject import Subject
from ganx.errors import DataError
from ganx.pages.embedded import data_address
from ganx.pages.prompt_cells import PromptCell, prompt_sheets, seen_by


def words(cell: PromptCell) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    asked = [(word.text, word.agrees) for word in cell.asked]
    return asked, [(word.text, word.agrees) for word in cell.seen]


def test_labels_are_right_when_all_of_them_are_among_the_highest() -> None:
    prompts = {"test": ("red cube", "blue cube, gray cone")}
    sheet = prompt_sheets(shown_subject(prompts=prompts))[0]
    wrong, right = sheet.cells
    assert words(wrong) == ([("red cube", False)], [("green cube", False)])
    assert not wrong.is_right
    asked, seen = words(right)
    assert asked == [("blue cube", True), ("gray cone", True)]
    assert sorted(seen) == sorted(asked)
    assert (sheet.right, sheet.hits, sheet.labels) == (1, 2, 3)


def test_the_count_agrees_with_the_score_of_that_seed() -> None:
    subject = shown_subject(seeds=(3,))
    figures = dict(shown_evaluation(subject).figures())
    for sheet in prompt_sheets(subject):
        score = figures[f"{sheet.name}.top-k"].mean
        assert sheet.hits / sheet.labels == pytest.approx(score)
        assert sheet.seed == 3


def test_images_are_those_of_the_evaluators_noise() -> None:
    drawn: list[Tensor] = []

    def remembering(z: Tensor, c: Tensor) -> Tensor:
        drawn.append(z)
        return faithful(z, c)

    subject = shown_subject(prompts={"test": ("red cube",) * 70}, seeds=(5,))
    generator = replace(subject.generator, module=Painter(remembering))
    prompt_sheets(replace(subject, generator=generator))
    expected = generator.latent.draw(70, np.random.default_rng(5))
    np.testing.assert_array_equal(np.concatenate(drawn), expected)


@pytest.mark.parametrize(
    ("condition", "text", "shown"),
    [(DIGITS, "2", "2"), (FACES, "hair=blue, eyes=red", "hair=blue, eyes=red")],
    ids=["classes", "attributes"],
)
def test_classes_and_attributes_are_one_of_each_group(
    condition: Condition, text: str, shown: str
) -> None:
    subject = Subject(painter(faithful, condition), {"test": (text,)}, reader(condition))
    cell = prompt_sheets(subject)[0].cells[0]
    assert cell.is_right
    assert sorted(word.text for word in cell.seen) == sorted(shown.split(", "))


def the_next(z: Tensor, c: Tensor) -> Tensor:
    """Show the values that follow those that were asked for."""
    del z
    return c.roll(1, 1)


def test_an_attribute_that_is_wrong_is_named() -> None:
    prompts = {"test": ("hair=pink, eyes=blue",)}
    subject = Subject(painter(the_next, FACES), prompts, reader(FACES))
    asked, seen = words(prompt_sheets(subject)[0].cells[0])
    assert asked == [("hair=pink", False), ("eyes=blue", False)]
    assert ("hair=blue", False) in seen
    assert ("eyes=red", False) in seen


def test_of_equal_outputs_the_first_is_seen() -> None:
    asked = np.eye(4, dtype=np.float32)[[3]]
    assert seen_by(DIGITS, np.full((1, 4), 0.5), asked).tolist() == [[1, 0, 0, 0]]


def test_as_many_labels_are_seen_as_were_asked_for() -> None:
    rng = np.random.default_rng(0)
    asked = (rng.random((20, SOLIDS.size)) < 0.2).astype(np.float32)
    seen = seen_by(SOLIDS, rng.random(asked.shape), asked)
    np.testing.assert_array_equal(seen.sum(axis=1), asked.sum(axis=1))


@pytest.mark.parametrize("judge", [None, reader(DIGITS)], ids=["no judge", "of something else"])
def test_nobody_is_right_where_nobody_can_judge(judge: object) -> None:
    sheet = prompt_sheets(shown_subject(judge=judge))[1]
    assert not sheet.is_judged
    assert [word.text for word in sheet.cells[0].asked] == ["red cube"]


def test_only_so_many_prompts_are_shown() -> None:
    sheet = prompt_sheets(shown_subject(prompts={"test": ("red cube",) * 9}), most=4)[0]
    assert (len(sheet.cells), sheet.count) == (4, 9)


def test_a_prompt_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(DataError, match="mauve"):
        prompt_sheets(shown_subject(prompts={"test": ("mauve cube",)}))


def opened(address: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))


def test_a_small_picture_keeps_every_pixel() -> None:
    picture = Image.fromarray(np.arange(36, dtype=np.uint8).reshape(6, 6))
    address = data_address(picture)
    assert address.startswith("data:image/png;base64,")
    assert opened(address).tobytes() == picture.tobytes()


@pytest.mark.parametrize(("side", "kind"), [(64, "jpeg"), (440, "webp")])
def test_a_picture_of_many_colours_is_made_smaller(side: int, kind: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    address = data_address(Image.fromarray(noise), quality=50)
    assert address.startswith(f"data:image/{kind}")
    assert opened(address).size == (side, side)
    assert len(address) < noise.size


def test_a_small_picture_keeps_the_colours_of_its_pixels() -> None:
    rng = np.random.default_rng(0)
    striped = np.zeros((64, 64, 3), np.uint8)
    striped[:, ::2, 0] = striped[:, 1::2, 2] = 255
    striped = (striped * 0.9 + rng.integers(0, 25, striped.shape)).astype(np.uint8)
    address = data_address(Image.fromarray(striped), quality=90)
    assert not address.startswith("data:image/png")
    shown = np.asarray(opened(address)).astype(int)
    assert np.abs(shown - striped).mean() < 8
