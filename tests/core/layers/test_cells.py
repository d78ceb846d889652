"""Cells: where each pixel lies, and how images come of them."""

import pytest
import torch

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.interface import Interface
from ganx.layers.cells import GRID, PlacedCells, blurred, patch_of, pixels_of


def test_a_cell_is_as_many_pixels_as_leave_32_on_a_side() -> None:
    sides = [patch_of(Interface(side, 3, UNCONDITIONAL)) for side in (32, 64, 128, 256)]
    assert sides == [1, 2, 4, 8]


@pytest.mark.parametrize("patch", [1, 2, 4])
def test_a_pixel_lands_in_its_cell_and_channel(patch: int) -> None:
    side = GRID * patch
    images = torch.zeros(2, 3, side, side)
    images[1, 2, 5 * patch + patch - 1, 7 * patch] = 1
    cells = PlacedCells(patch)(images)
    assert cells.shape == (2, 3 * patch**2 + 2, GRID, GRID)
    place = (1, 2 * patch**2 + (patch - 1) * patch, 5, 7)
    assert torch.nonzero(cells[:, :-2]).tolist() == [list(place)]


def test_the_last_two_channels_are_the_places_from_edge_to_edge() -> None:
    cells = PlacedCells(2)(torch.zeros(3, 1, 64, 64))
    expected = torch.linspace(-1, 1, GRID)
    for place in cells[:, -2:]:
        down, across = place
        assert torch.equal(down, expected.view(GRID, 1).expand(GRID, GRID))
        assert torch.equal(across, expected.view(1, GRID).expand(GRID, GRID))


def test_places_are_of_the_images_type_and_in_no_checkpoint() -> None:
    cells = PlacedCells(1)
    assert cells(torch.zeros(1, 1, 32, 32, dtype=torch.bfloat16)).dtype == torch.bfloat16
    assert cells.state_dict() == {}


@pytest.mark.parametrize(("patch", "blurs"), [(1, 0), (2, 1), (4, 3)])
def test_pixels_of_cells_are_the_image_and_a_blur_for_each_border(patch: int, blurs: int) -> None:
    images = torch.rand(2, 3, GRID * patch, GRID * patch) * 1.8 - 0.9
    cells = PlacedCells(patch)(torch.atanh(images))[:, :-2]
    for _ in range(blurs):
        images = blurred(images)
    torch.testing.assert_close(pixels_of(cells, patch), images)


def test_pixels_are_float32_and_within_bounds() -> None:
    pixels = pixels_of(torch.full((1, 4, GRID, GRID), 50.0, dtype=torch.bfloat16), 2)
    assert pixels.dtype == torch.float32
    assert torch.equal(pixels, torch.ones(1, 1, 64, 64))


def test_a_blur_weighs_neighbours_by_one_two_one_and_keeps_an_even_image() -> None:
    spot = torch.zeros(1, 1, 5, 5)
    spot[0, 0, 2, 2] = 16
    assert blurred(spot)[0, 0, 1:4, 1:4].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert torch.equal(blurred(torch.ones(1, 2, 4, 4)), torch.ones(1, 2, 4, 4))


def test_a_blur_repeats_the_edge_and_keeps_channels_apart() -> None:
    corner = torch.zeros(1, 2, 3, 3)
    corner[0, 0, 0, 0] = 16
    assert blurred(corner)[0, 0].tolist() == [[9, 3, 0], [3, 1, 0], [0, 0, 0]]
    assert not blurred(corner)[0, 1].any()
