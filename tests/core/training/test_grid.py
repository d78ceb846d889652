"""Sample grids as pictures."""

from pathlib import Path

import numpy as np
import pytest
import torch
from tiny import TinyDatasetConfig, open_tiny
from torchvision.utils import make_grid

from ganx.contracts.distribution import ConditionDistribution
from ganx.errors import RunError
from ganx.pictures.grid import grid_picture, save_picture, to_uint8
from ganx.training.grid import GRID_SIZE, grid_conditions


@pytest.mark.parametrize("count", [1, 5, 16])
@pytest.mark.parametrize("columns", [None, 3])
def test_a_grid_is_laid_out_as_torchvision_does_it(count: int, columns: int | None) -> None:
    images = torch.rand(count, 3, 6, 8) * 2 - 1
    nrow = columns or int(np.ceil(np.sqrt(count)))
    # torchvision does not fill a first row that is not full, and has no frame for one image.
    reference = make_grid(to_uint8(images), nrow=nrow, padding=2, pad_value=255)
    picture = torch.from_numpy(np.array(grid_picture(images, columns))).permute(2, 0, 1)
    _, height, width = reference.shape
    if count > 1:
        assert torch.equal(picture[:, :height, :width], reference)
    assert torch.equal(picture[:, 2:8, 2:10], to_uint8(images)[0])


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (2, "LA"), (3, "RGB"), (4, "RGBA")])
def test_a_picture_has_the_channels_of_its_images(channels: int, mode: str) -> None:
    assert grid_picture(torch.zeros(2, channels, 4, 4)).mode == mode


def test_values_outside_the_range_are_clamped() -> None:
    assert to_uint8(torch.tensor([-3.0, -1.0, 0.0, 1.0, 3.0])).tolist() == [0, 0, 128, 255, 255]


def test_a_grid_shows_the_prompts_first_and_training_conditions_after_them() -> None:
    dataset = open_tiny(TinyDatasetConfig())
    only_blue = ConditionDistribution(np.array([[0, 0, 1]], np.uint8), np.array([1]))
    shown = grid_conditions(dataset, only_blue, np.random.default_rng(0))
    assert shown.shape == (GRID_SIZE, 3)
    assert shown[:3].tolist() == np.eye(3).tolist()
    assert (shown[3:] == [0, 0, 1]).all()


def test_a_picture_that_cannot_be_written_leaves_the_former_one(tmp_path: Path) -> None:
    path = tmp_path / "grid.jpg"
    save_picture(grid_picture(torch.zeros(1, 3, 4, 4)), path)
    former = path.read_bytes()
    with pytest.raises(RunError, match="RGBA"):
        save_picture(grid_picture(torch.zeros(1, 4, 4, 4)), path)
    assert path.read_bytes() == former
    assert list(tmp_path.iterdir()) == [path]
