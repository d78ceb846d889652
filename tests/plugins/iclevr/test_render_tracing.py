"""What is drawn: the labelled objects, whole, smooth at the edges, one more in each picture."""

import colorsys
from dataclasses import replace

import pytest
import torch
from torch.nn.functional import avg_pool2d, max_pool2d

from ganx_iclevr.render import COLOURS, Scenes, render, render_ids, sample_scenes, windows
from ganx_iclevr.render.camera import look_at_origin
from ganx_iclevr.render.ground import ground_points
from ganx_iclevr.render.shapes import CUBE, CYLINDER, SPHERE
from ganx_iclevr.render.tone import COLOUR_BYTES

SIZE = 64


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    return sample_scenes(11, 0, 64)


@pytest.fixture(scope="module")
def pictures(scenes: Scenes) -> torch.Tensor:
    return render(scenes, SIZE)


@pytest.fixture(scope="module")
def ids(scenes: Scenes) -> torch.Tensor:
    return render_ids(scenes, SIZE, SIZE)


def inner(mask: torch.Tensor) -> torch.Tensor:
    """A mask [S, H, W] less its rim."""
    return -max_pool2d(-mask.float()[:, None], 3, 1, 1)[:, 0] > 0


def median_colour(picture: torch.Tensor, mask: torch.Tensor) -> tuple[float, float, float]:
    """Hue, saturation and value of the middle of a picture's [H, W, 3] pixels in a mask."""
    red, green, blue = (picture[mask].float().median(dim=0).values / 255).tolist()
    return colorsys.rgb_to_hsv(red, green, blue)


def test_objects_have_the_colours_that_their_labels_say(
    scenes: Scenes, pictures: torch.Tensor, ids: torch.Tensor
) -> None:
    checked = set()
    for place in range(3):
        middle = inner(ids == place)
        for scene in torch.nonzero(middle.sum(dim=(1, 2)) > 10)[:, 0].tolist():
            colour = int(scenes.colour_index[scene, place])
            hue, saturation, _ = median_colour(pictures[scene, 2], middle[scene])
            wanted = colorsys.rgb_to_hsv(*(value / 255 for value in COLOUR_BYTES[colour]))
            checked.add(COLOURS[colour])
            if COLOURS[colour] == "gray":
                assert saturation < 0.12
            else:
                assert saturation > 0.3
                assert abs((hue - wanted[0] + 0.5) % 1 - 0.5) < 0.06
    assert checked == set(COLOURS)


def single(shape: int) -> Scenes:
    """A scene whose first object has a shape and stands at the origin, the others out of sight."""
    scene = sample_scenes(0, 0, 1)
    position = torch.tensor([[[0.0, 0.0], [-1000.0, 0.0], [-1000.0, 9.0]]])
    return replace(scene, shape_index=torch.full((1, 3), shape), position=position)


def outline(shape: int) -> tuple[float, float]:
    """Width over height of a shape's outline in a 4:3 picture, and its share of that box."""
    rows, columns = torch.nonzero(render_ids(single(shape), 320, 240)[0] == 0).unbind(1)
    height, width = (int(axis.max() - axis.min()) + 1 for axis in (rows, columns))
    return width / height, len(rows) / (width * height)


def test_a_sphere_is_round() -> None:
    ratio, filled = outline(SPHERE)
    assert ratio == pytest.approx(1.0, abs=0.06)
    assert filled == pytest.approx(torch.pi / 4, abs=0.02)


def test_a_cylinder_is_higher_than_wide_and_fills_its_box() -> None:
    ratio, filled = outline(CYLINDER)
    assert 0.7 < ratio < 0.85
    assert filled > 0.85


def test_a_cube_has_flat_faces_that_differ_in_brightness() -> None:
    scene = replace(single(CUBE), facing=torch.tensor([[[0.8, 0.6]] * 3]))
    shown = inner(render_ids(scene, 320, 240) == 0)[0]
    light = render(scene, (320, 240))[0, 0].float().mean(dim=2)[shown]
    assert 0.6 < outline(CUBE)[1] < 0.95
    assert light.max() - light.min() > 8


def test_what_a_picture_adds_is_where_its_object_is(
    pictures: torch.Tensor, ids: torch.Tensor
) -> None:
    for place in (1, 2):
        change = (pictures[:, place].int() - pictures[:, place - 1].int()).abs().amax(dim=3)
        visible = inner(ids == place)
        assert (change[visible] > 3).float().mean() > 0.97


def test_pictures_of_a_scene_agree_away_from_the_object_added(
    scenes: Scenes, pictures: torch.Tensor, ids: torch.Tensor
) -> None:
    ground = ground_points(look_at_origin(scenes.camera), SIZE, SIZE)
    for place in (1, 2):
        change = (pictures[:, place].int() - pictures[:, place - 1].int()).abs().amax(dim=3)
        x, y = scenes.position[:, place, :, None, None].unbind(1)
        away = ((ground.x[:, 0] - x) ** 2 + (ground.y[:, 0] - y) ** 2).sqrt()
        # Most shadows end within three units; the lowest lamp's are longer, but faint.
        far = (away > 4.5) & inner(ids == -1)
        assert far.float().mean() > 0.2
        assert change[far].max() <= 15
        assert (change[far] > 3).float().mean() < 0.01


def test_an_added_object_throws_a_shadow(pictures: torch.Tensor, ids: torch.Tensor) -> None:
    ground = ids == -1
    darker = pictures[:, 1].int().sum(3) - pictures[:, 2].int().sum(3)
    shaded = ((darker > 15) & ground).sum(dim=(1, 2))
    assert (shaded > 5).float().mean() > 0.9


def test_windows_hold_all_of_every_object(monkeypatch: pytest.MonkeyPatch) -> None:
    scenes = sample_scenes(13, 0, 64)
    pictures = render(scenes, 24)
    monkeypatch.setattr(windows, "SPAN_ACROSS", 1.0)
    monkeypatch.setattr(windows, "SPAN_DOWN", 1.0)
    assert torch.equal(render(scenes, 24), pictures)


def linear(pictures: torch.Tensor) -> torch.Tensor:
    """Linear light [S, 3, H, W] of pictures uint8 [S, H, W, 3], near enough."""
    return (pictures.float() / 255).pow(2.2).permute(0, 3, 1, 2)


def test_edges_are_smooth() -> None:
    scenes = sample_scenes(12, 0, 12)
    large = linear(render(scenes, 4 * SIZE)[:, 2])
    fine = avg_pool2d(large, 4)
    jagged = (large[:, :, 2::4, 2::4] - fine).abs()
    smooth = (linear(render(scenes, SIZE)[:, 2]) - fine).abs()
    edge = jagged > 0.05
    assert edge.sum() > 200
    assert smooth[edge].mean() < 0.2 * jagged[edge].mean()
    assert smooth.mean() < 0.002
