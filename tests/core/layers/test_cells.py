"""Images as cells and back, in closed form."""

import torch

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.interface import Interface
from ganx.layers.cells import GRID, PlacedCells, blurred, patch_of, pixels_of


def test_a_cell_holds_a_block_of_pixels_channel_by_channel() -> None:
    images = torch.zeros(1, 3, 64, 64)
    images[0, 1, 2 * 5 + 1, 2 * 7] = 1  # the green of the lower left pixel of cell (5, 7)
    cells = PlacedCells(2)(images)
    assert cells.shape == (1, 14, GRID, GRID)
    assert cells[:, :12].nonzero().tolist() == [[0, 1 * 4 + 2, 5, 7]]


def test_a_cell_knows_its_place_down_and_across() -> None:
    place = PlacedCells(1)(torch.zeros(2, 1, 32, 32))[1, 1:]
    assert torch.allclose(place[0, :, 3], torch.linspace(-1, 1, GRID))
    assert torch.allclose(place[1, 3], torch.linspace(-1, 1, GRID))


def test_what_is_drawn_in_cells_comes_back_as_pixels() -> None:
    drawn = torch.randn(2, 12, GRID, GRID)
    images = pixels_of(drawn, 2)
    assert images.shape == (2, 3, 64, 64)
    plain = torch.nn.functional.pixel_shuffle(torch.tanh(drawn), 2)
    assert torch.allclose(images, blurred(plain), atol=1e-6)
    alone = torch.randn(2, 3, GRID, GRID)
    assert torch.allclose(pixels_of(alone, 1), torch.tanh(alone))


def test_larger_cells_are_blurred_more_often() -> None:
    drawn = torch.randn(1, 16, GRID, GRID)
    plain = torch.nn.functional.pixel_shuffle(torch.tanh(drawn), 4)
    assert torch.allclose(pixels_of(drawn, 4), blurred(blurred(blurred(plain))), atol=1e-6)


def test_the_grid_stays_and_the_cells_grow() -> None:
    sides = [patch_of(Interface(side, 3, UNCONDITIONAL)) for side in (32, 64, 128, 256)]
    assert sides == [1, 2, 4, 8]


def test_a_blur_weighs_neighbours_by_one_two_one_and_keeps_an_even_image() -> None:
    spot = torch.zeros(1, 1, 5, 5)
    spot[0, 0, 2, 2] = 16
    assert blurred(spot)[0, 0, 1:4, 1:4].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert torch.equal(blurred(torch.ones(1, 2, 4, 4)), torch.ones(1, 2, 4, 4))
