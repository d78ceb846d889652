"""Grids in which a part of the latent runs and the noise stays."""

import numpy as np
import pytest
import torch
from codes import FACES, LATENT, SHAPES, SIDE, c_of, several, written, z_of
from PIL import Image
from torch import Tensor

from ganx.contracts.condition import UNCONDITIONAL, Condition
from ganx.errors import ConfigError, DataError
from ganx.pictures.captions import caption
from ganx.pictures.labelled_grid import labelled_grid
from ganx.sampling.axes import Axis, Span, latent_axis, named_axis, seed_axis
from ganx.sampling.samples import sample_images
from ganx.sampling.traversal import fixed_inputs, fixed_text, row_axes, traversal_picture, traverse

STYLE = latent_axis(LATENT, "style.0", Span(5))


def columns_of(name: str, condition: Condition = UNCONDITIONAL) -> Axis:
    return named_axis(LATENT, condition, name, Span())


def grid(
    rows: Axis, columns: Axis, condition: Condition = UNCONDITIONAL, text: str | None = None
) -> Tensor:
    """Return the grid's images as [R, V, C, H, W]."""
    frozen = written(condition)
    images = traverse(frozen, rows, columns, fixed_inputs(frozen, text, columns, seed=3))
    return images.reshape(len(rows.values), len(columns.values), 1, SIDE, SIDE)


def test_one_class_stands_in_each_column_and_the_code_runs_down_the_rows() -> None:
    z = z_of(grid(STYLE, columns_of("digit")))
    assert z.shape == (5, 4, LATENT.size)
    assert torch.equal(z[:, :, 3:7], torch.eye(4).expand(5, 4, 4))
    assert torch.equal(z[:, :, 7], torch.linspace(-1, 1, 5)[:, None].expand(5, 4))


def test_the_noise_is_the_same_in_the_whole_grid_and_the_other_code_is_0() -> None:
    z = z_of(grid(STYLE, columns_of("digit")))
    first = z_of(sample_images(written(), [], 1, seed=3))[0, :3]
    assert torch.equal(z[:, :, :3], first.expand(5, 4, 3))
    assert not z[:, :, 8].any()


def test_columns_of_seeds_have_noise_of_their_own_and_the_row_decides_the_code() -> None:
    z = z_of(grid(STYLE, seed_axis(LATENT, 0, 3)))
    assert torch.equal(z[0, :, :7], z[4, :, :7])
    assert len({tuple(row.tolist()) for row in z[0, :, :3]}) == 3
    assert torch.equal(z[:, 0, 7], torch.linspace(-1, 1, 5))


def test_a_label_stands_alone_in_its_column() -> None:
    c = c_of(grid(STYLE, columns_of("object", SHAPES), SHAPES), SHAPES)
    assert torch.equal(c, torch.eye(3).expand(5, 3, 3))


def test_other_attributes_are_as_the_labels_say() -> None:
    c = c_of(grid(STYLE, columns_of("hair", FACES), FACES, "eyes=red"), FACES)
    assert c[0].tolist() == [[1, 0, 0, 1, 0], [0, 1, 0, 1, 0]]


def test_without_labels_one_condition_is_drawn_as_in_training() -> None:
    c = c_of(grid(STYLE, columns_of("hair", FACES), FACES), FACES)
    assert c[0].tolist() == [[1, 0, 0, 0, 1], [0, 1, 0, 0, 1]]
    seeds = c_of(grid(STYLE, seed_axis(LATENT, 0, 3), SHAPES), SHAPES)
    assert torch.equal(seeds, torch.tensor([0.0, 0.0, 1.0]).expand(5, 3, 3))


def test_the_condition_drawn_is_that_of_the_first_image_of_the_seed() -> None:
    frozen = several()
    for seed in range(8):
        fixed = fixed_inputs(frozen, None, columns_of("digit"), seed)
        sampled = c_of(sample_images(frozen, [], 3, seed), SHAPES)[0]
        assert fixed.c.tolist() == sampled.tolist()


def test_a_grid_larger_than_a_batch_is_whole() -> None:
    z = z_of(grid(latent_axis(LATENT, "style.1", Span(70)), columns_of("digit")))
    assert torch.allclose(z[:, 0, 8], torch.linspace(-1, 1, 70))
    assert z.shape[:2] == (70, 4)


def test_labels_that_the_columns_override_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"every object, so 'red cube' has nothing left"):
        grid(STYLE, columns_of("object", SHAPES), SHAPES, "red cube")


def test_an_attribute_that_the_columns_do_not_show_must_be_named() -> None:
    with pytest.raises(DataError, match="names 0 values of hair"):
        grid(STYLE, seed_axis(LATENT, 0, 2), FACES, "eyes=red")


def test_rows_and_columns_cannot_be_the_same() -> None:
    with pytest.raises(ConfigError, match=r"both run through digit"):
        grid(latent_axis(LATENT, "digit", Span()), columns_of("digit"))


def test_every_code_runs_that_is_not_in_the_columns() -> None:
    rows = row_axes(LATENT, [], columns_of("digit"), Span())
    assert [axis.name for axis in rows] == ["style.0", "style.1"]
    assert [axis.name for axis in row_axes(LATENT, ["noise.1"], rows[0], Span())] == ["noise.1"]


def test_a_code_in_the_columns_that_is_the_only_one_leaves_no_rows() -> None:
    only = type(LATENT)(LATENT.parts[:2])
    with pytest.raises(ConfigError, match=r"only code, digit, is in the columns"):
        row_axes(only, [], latent_axis(only, "digit", Span()), Span())


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [("hair", "eyes=red", "eyes=red"), ("digit", "hair=pink, eyes=red", "hair=pink, eyes=red")],
)
def test_what_stays_is_told_in_words(name: str, text: str, expected: str) -> None:
    columns = columns_of(name, FACES)
    fixed = fixed_inputs(written(FACES), text, columns, seed=0)
    assert fixed_text(FACES, fixed, columns) == expected


def test_each_code_has_a_grid_of_its_own_below_the_others() -> None:
    columns = columns_of("digit")
    frozen = written()
    fixed = fixed_inputs(frozen, None, columns, 0)
    one, two = (
        traversal_picture(frozen, row_axes(LATENT, parts, columns, Span(5)), columns, fixed)
        for parts in (["style.0"], [])
    )
    assert two.height == 2 * one.height
    assert two.mode == "L"


def dark(picture: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Tell whether anything is written in a part of a picture."""
    return int(np.asarray(picture.convert("L").crop(box)).min()) < 128


def test_heads_stand_above_each_column_and_beside_each_row() -> None:
    rows, columns = ("-1.00", "+1.00"), ("0", "1", "2")
    picture = labelled_grid(torch.ones(6, 3, 20, 20), rows, columns, "title")
    indent, pitch, line = caption("+1.00").width, 22, caption("title").height
    for column in range(3):
        left = indent + 2 + column * pitch
        assert dark(picture, (left, line, left + 20, 2 * line))
    for row in range(2):
        top = 2 * line + 2 + row * pitch
        assert dark(picture, (0, top, indent, top + 20))
    # The images themselves are white here, and nothing is written on them.
    assert not dark(picture, (indent, 2 * line, picture.width, picture.height))


def test_a_head_is_broken_between_words_or_else_stands_upright() -> None:
    def height(side: int, head: str) -> int:
        return labelled_grid(torch.ones(1, 3, side, side), [""], [head], "").height - side

    plain, line = height(64, "red"), caption("").height
    assert height(64, "yellow cylinder") == plain + line
    assert height(16, "cylinder") - plain == caption("cylinder").width - line


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB"), (4, "RGBA")])
def test_a_labelled_grid_keeps_the_colours_of_its_images(channels: int, mode: str) -> None:
    images = torch.zeros(1, channels, SIDE, SIDE)
    assert labelled_grid(images, ["a"], ["b"], "c").mode == mode
