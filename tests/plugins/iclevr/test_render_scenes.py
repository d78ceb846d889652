"""Scenes: i-CLEVR's rules and its distribution of labels."""

from dataclasses import fields, replace
from itertools import combinations

import pytest
import torch

from ganx_iclevr.render import (
    COLOURS,
    OBJECTS_PER_SCENE,
    SHAPES,
    Scenes,
    object_indices,
    render_ids,
    sample_scenes,
)
from ganx_iclevr.render.camera import Vector, look_at_origin, project
from ganx_iclevr.render.shapes import RADIUS

# What the real set's train.json holds, counted over its 6,003 scenes.
REAL_SCENES = 6003
REAL_SAME_SHAPE = 0.332
REAL_SAME_COLOUR = 0.083
REAL_FEWEST, REAL_MOST = 690, 808


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    return sample_scenes(5, 0, 160)


@pytest.fixture(scope="module")
def labels() -> list[tuple[int, ...]]:
    return object_indices(0, 3 * REAL_SCENES)


def test_a_scene_depends_on_its_seed_and_number_alone(scenes: Scenes) -> None:
    some = sample_scenes(5, 37, 5)
    for field in fields(Scenes):
        assert torch.equal(getattr(some, field.name), getattr(scenes, field.name)[37:42])


def test_an_object_index_is_shape_times_eight_plus_colour() -> None:
    assert SHAPES == ("cube", "sphere", "cylinder")
    assert COLOURS == ("gray", "red", "blue", "green", "brown", "purple", "cyan", "yellow")


def test_no_two_objects_of_a_scene_are_equal(labels: list[tuple[int, ...]]) -> None:
    assert all(len(set(objects)) == len(objects) for objects in labels)


def test_pictures_of_a_scene_add_an_object_each(labels: list[tuple[int, ...]]) -> None:
    for first in range(0, len(labels), OBJECTS_PER_SCENE):
        one, two, three = labels[first : first + OBJECTS_PER_SCENE]
        assert (one, two) == (three[:1], three[:2])
        assert len(three) == OBJECTS_PER_SCENE


def test_every_object_is_about_as_frequent_as_in_the_real_set(
    labels: list[tuple[int, ...]],
) -> None:
    counts = torch.bincount(torch.tensor(labels[2::3]).flatten(), minlength=24)
    # Four standard deviations of an even draw are about 107 either way of 750.
    assert counts.min() > REAL_FEWEST - 50
    assert counts.max() < REAL_MOST + 50


def test_objects_share_shape_and_colour_as_often_as_in_the_real_set(
    labels: list[tuple[int, ...]],
) -> None:
    pairs = [pair for objects in labels[2::3] for pair in combinations(objects, 2)]
    same_shape = sum(one // 8 == other // 8 for one, other in pairs) / len(pairs)
    same_colour = sum(one % 8 == other % 8 for one, other in pairs) / len(pairs)
    assert same_shape == pytest.approx(REAL_SAME_SHAPE, abs=0.015)
    assert same_colour == pytest.approx(REAL_SAME_COLOUR, abs=0.01)


def test_every_centre_is_in_the_picture(scenes: Scenes) -> None:
    height = torch.full((OBJECTS_PER_SCENE,), RADIUS)
    centre = Vector(scenes.position[..., 0], scenes.position[..., 1], height)
    for place in project(look_at_origin(scenes.camera).spread(1), centre):
        assert ((place > 0) & (place < 1)).all()


def test_objects_stand_within_reach_and_apart(scenes: Scenes) -> None:
    assert scenes.position.abs().max() <= 3
    for one, other in combinations(range(OBJECTS_PER_SCENE), 2):
        apart = (scenes.position[:, one] - scenes.position[:, other]).norm(dim=1)
        assert apart.min() > 2 * RADIUS + 0.25


def alone(scenes: Scenes, kept: int) -> Scenes:
    """The scenes with all objects but one sent out of sight."""
    position = torch.full_like(scenes.position, -1000.0)
    position[:, kept] = scenes.position[:, kept]
    return replace(scenes, position=position)


def test_two_fifths_of_every_object_can_be_seen(scenes: Scenes) -> None:
    together = render_ids(scenes, 128, 96)
    for kept in range(OBJECTS_PER_SCENE):
        whole = render_ids(alone(scenes, kept), 128, 96) == kept
        seen = (together == kept) & whole
        assert torch.equal(seen, together == kept)
        share = seen.sum(dim=(1, 2)) / whole.sum(dim=(1, 2))
        assert share.min() >= 0.4


def test_some_objects_do_hide_others(scenes: Scenes) -> None:
    together = render_ids(scenes, 64, 64)
    hidden = [
        ((render_ids(alone(scenes, kept), 64, 64) == kept) & (together != kept)).any(dim=(1, 2))
        for kept in range(OBJECTS_PER_SCENE)
    ]
    assert 0.05 < torch.stack(hidden).any(dim=0).float().mean() < 0.9
