"""Rendered scenes look like real ones. All figures were measured on real i-CLEVR images.

Those are the data set's five published samples, 320 x 240 pixels: one scene with a purple sphere, a
brown cylinder, a red sphere, a brown cube and a blue cylinder, added in that order.
"""

import colorsys
import math

import pytest
import torch
from torch import Tensor

from ganx_iclevr.render import Scenes, render, render_ids, sample_scenes

PURPLE, BROWN, RED, BLUE = 5, 4, 1, 2
CUBE, SPHERE, CYLINDER = 0, 1, 2

# Of the real pictures with one, two and three objects, squeezed to 64 x 64.
REAL_MEAN = ((125.5, 124.2, 124.2), (124.7, 122.9, 122.0), (124.0, 120.8, 119.9))
REAL_SPREAD = (16.5, 18.6, 19.8)
# Grey means of the top and bottom eighths and the bottom corners; the peak of the glow at the left.
REAL_TOP, REAL_BOTTOM = 104.6, 140.6
REAL_LEFT_CORNER, REAL_RIGHT_CORNER = 120.2, 148.5
REAL_GLOW = 158.0

# Object, shape, colour; the ground position fitted to its outline; then its outline's left, right,
# top and bottom in pixels, and the hue, saturation and value of its mean colour.
REAL_OBJECTS = (
    (SPHERE, PURPLE, (0.0, 0.0), (141, 179, 85, 124), (0.790, 0.524, 0.473)),
    (CYLINDER, BROWN, (2.357, 2.211), (244, 288, 84, 135), (0.096, 0.568, 0.395)),
    (SPHERE, RED, (-0.509, -2.457), (61, 103, 101, 145), (0.002, 0.545, 0.446)),
    (CUBE, BROWN, (-2.666, -0.803), (73, 111, 64, 108), (0.091, 0.555, 0.388)),
    (CYLINDER, BLUE, (2.791, -1.073), (177, 228, 122, 189), (0.620, 0.504, 0.542)),
)


def sample_scene(*chosen: int) -> Scenes:
    """The real scene with three of its objects; camera and lamps as fitted to the real pictures."""
    objects = [REAL_OBJECTS[number] for number in chosen]
    return Scenes(
        shape_index=torch.tensor([[shape for shape, *_ in objects]]),
        colour_index=torch.tensor([[colour for _, colour, *_ in objects]]),
        position=torch.tensor([[place for _, _, place, *_ in objects]]),
        facing=torch.tensor([[(math.cos(0.9), math.sin(0.9))] * 3]),
        camera=torch.tensor([[7.481, -6.443, 5.394]]),
        lamps=torch.tensor(
            [[(6.202, -2.791, 3.337), (-4.187, -3.581, 2.009), (-0.95, 2.193, 4.812)]]
        ),
    )


def figures(pictures: Tensor) -> dict[str, Tensor]:
    """What is compared of pictures [S, 64, 64, 3]: one number for each."""
    light = pictures.float()
    grey = light.mean(dim=3)
    return {
        "spread": light.flatten(1).std(dim=1),
        "top": grey[:, :8].mean(dim=(1, 2)),
        "bottom": grey[:, -8:].mean(dim=(1, 2)),
        "left corner": grey[:, -8:, :8].mean(dim=(1, 2)),
        "right corner": grey[:, -8:, -8:].mean(dim=(1, 2)),
        "glow": grey[:, 24:32, :8].amax(dim=(1, 2)),
    }


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    """Pictures [S, 3, 64, 64, 3] of scenes as they come."""
    return render(sample_scenes(2, 0, 96), 64)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_pictures_are_as_bright_as_real_ones(pictures: Tensor, count: int) -> None:
    mean = pictures[:, count].float().mean(dim=(0, 1, 2))
    assert (mean - torch.tensor(REAL_MEAN[count])).abs().max() < 5


@pytest.mark.parametrize("count", [0, 1, 2])
def test_pictures_have_the_contrast_of_real_ones(pictures: Tensor, count: int) -> None:
    spread = figures(pictures[:, count])["spread"]
    assert spread.mean() == pytest.approx(REAL_SPREAD[count], abs=2.5)
    assert spread.min() < REAL_SPREAD[count] < spread.max()


@pytest.mark.parametrize(
    ("figure", "real", "bound"),
    [
        ("top", REAL_TOP, 2),
        ("bottom", REAL_BOTTOM, 6),
        ("left corner", REAL_LEFT_CORNER, 5),
        ("right corner", REAL_RIGHT_CORNER, 8),
        ("glow", REAL_GLOW, 10),
    ],
)
def test_the_ground_is_lit_as_in_real_pictures(
    pictures: Tensor, figure: str, real: float, bound: float
) -> None:
    assert figures(pictures[:, 0])[figure].mean() == pytest.approx(real, abs=bound)


def test_the_ground_of_the_sample_scene_is_lit_as_in_the_real_picture() -> None:
    found = figures(render(sample_scene(0, 1, 2), 64)[:, 0])
    assert found["spread"].item() == pytest.approx(REAL_SPREAD[0], abs=1.5)
    assert found["top"].item() == pytest.approx(REAL_TOP, abs=2)
    assert found["bottom"].item() == pytest.approx(REAL_BOTTOM, abs=2)
    assert found["left corner"].item() == pytest.approx(REAL_LEFT_CORNER, abs=3)
    assert found["right corner"].item() == pytest.approx(REAL_RIGHT_CORNER, abs=3)
    assert found["glow"].item() == pytest.approx(REAL_GLOW, abs=6)


def test_the_sample_scene_has_the_real_pictures_mean_colours() -> None:
    mean = render(sample_scene(0, 1, 2), 64)[0].float().mean(dim=(1, 2))
    assert (mean - torch.tensor(REAL_MEAN)).abs().max() < 2.5


@pytest.mark.parametrize("number", range(5))
def test_the_sample_scenes_objects_are_where_and_as_large_as_in_the_real_picture(
    number: int,
) -> None:
    others = [other for other in (2, 1, 4) if other != number][:2]
    ids = render_ids(sample_scene(*others, number), 320, 240)[0]
    rows, columns = torch.nonzero(ids == 2).unbind(1)
    found = (columns.min(), columns.max() + 1, rows.min(), rows.max() + 1)
    real = REAL_OBJECTS[number][3]
    # Where the red sphere hides the cube's foot, only the outline's other sides are compared.
    for edge, (mine, theirs) in enumerate(zip(found, real, strict=True)):
        assert abs(int(mine) - theirs) <= 3, edge


@pytest.mark.parametrize("number", range(5))
def test_the_sample_scenes_objects_have_the_real_ones_colours(number: int) -> None:
    others = [other for other in (2, 1, 4) if other != number][:2]
    scene = sample_scene(*others, number)
    mask = render_ids(scene, 320, 240)[0] == 2
    red, green, blue = (render(scene, (320, 240))[0, 2][mask].float().mean(dim=0) / 255).tolist()
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    real_hue, real_saturation, real_value = REAL_OBJECTS[number][4]
    assert abs((hue - real_hue + 0.5) % 1 - 0.5) < 0.015
    assert saturation == pytest.approx(real_saturation, abs=0.035)
    assert value == pytest.approx(real_value, abs=0.03)
