"""What can be seen in the drawn pixels: the colours that the labels name, and varied faces."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from ganx_animefaces.draw.canvas import SUPERSAMPLING, Canvas
from ganx_animefaces.draw.chance import Chance, numbers
from ganx_animefaces.draw.colours import (
    EYE_PALETTE,
    HAIR_PALETTE,
    JITTER_OF_ALL,
    JITTER_OF_EACH,
    WHITE,
    Colour,
    mix,
)
from ganx_animefaces.draw.curves import closed, ellipse, open_curve
from ganx_animefaces.draw.eyes import eye_place
from ganx_animefaces.draw.face import (
    BACKS,
    CHANCES,
    EXTRAS,
    FRINGES,
    MOUTHS,
    Face,
    make_face,
)
from ganx_animefaces.draw.hair_back import CUTS
from ganx_animefaces.draw.hair_front import FRINGES as FRINGE_SHAPES
from ganx_animefaces.draw.mouth import LINES
from ganx_animefaces.draw.picture import draw_labels, draw_picture, make_faces
from ganx_animefaces.draw.scenery import BACKDROPS
from ganx_animefaces.vocabulary import EYES, HAIR

FACES = 150
SIDE = 64
HAIR_POINTS = ((-0.3, -0.7), (0.3, -0.7), (-0.5, -0.28), (0.5, -0.28), (0.0, -0.75))


@pytest.fixture(scope="module")
def pictures() -> list[tuple[Face, Canvas, NDArray[np.uint8]]]:
    drawn = [(face, draw_picture(face, SIDE)) for face in make_faces(0, 0, FACES)]
    return [(face, canvas, canvas.pixels()) for face, canvas in drawn]


def around(canvas: Canvas, pixels: NDArray[np.uint8], point: object) -> NDArray[np.float64]:
    """Return the 3x3 pixels around a point of the head."""
    x, y = (canvas.place(np.array([point]))[0] / SUPERSAMPLING).astype(int)
    return pixels[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].reshape(-1, 3).astype(np.float64)


def nearest(colour: NDArray[np.float64], palette: list[Colour]) -> int:
    return int(((np.array(palette) - colour) ** 2).sum(axis=1).argmin())


def test_hair_is_nearest_to_the_colour_that_its_label_names(
    pictures: list[tuple[Face, Canvas, NDArray[np.uint8]]],
) -> None:
    palette = [HAIR_PALETTE[name] for name in HAIR]
    told = [
        nearest(
            np.median(np.concatenate([around(canvas, pixels, p) for p in HAIR_POINTS]), axis=0),
            palette,
        )
        for _, canvas, pixels in pictures
    ]
    assert told == draw_labels(0, 0, FACES)[:, 0].tolist()


def test_irises_are_nearest_to_the_colour_that_their_label_names(
    pictures: list[tuple[Face, Canvas, NDArray[np.uint8]]],
) -> None:
    palette = [mix(EYE_PALETTE[name], WHITE, 0.26) for name in EYES]
    told = []
    for face, canvas, pixels in pictures:
        below = np.add(face.expression.gaze, (0.0, 0.09))
        irises = [around(canvas, pixels, eye_place(face, side)[0] + below) for side in (-1, 1)]
        told.append(nearest(np.concatenate(irises).mean(axis=0), palette))
    right = np.array(told) == draw_labels(0, 0, FACES)[:, 1]
    assert right.mean() >= 0.98


@pytest.mark.parametrize("palette", [HAIR_PALETTE, EYE_PALETTE], ids=["hair", "eyes"])
def test_no_colour_strays_as_far_as_half_the_way_to_another(palette: dict[str, Colour]) -> None:
    farthest = np.sqrt(3) * (JITTER_OF_ALL + JITTER_OF_EACH + 1)
    for one, other in combinations(palette, 2):
        assert np.linalg.norm(np.subtract(palette[one], palette[other])) > 2 * farthest, (
            one,
            other,
        )


def test_each_palette_has_the_vocabularys_words() -> None:
    assert set(HAIR_PALETTE) == set(HAIR)
    assert set(EYE_PALETTE) == set(EYES)


def same_face(hair: int, eyes: int) -> Face:
    return make_face(hair, eyes, Chance(numbers(0, 9, 0, 1, CHANCES)[0]))


def test_another_eye_colour_changes_the_eyes_alone() -> None:
    one, other = (draw_picture(same_face(0, eyes), SIDE).pixels() for eyes in (3, 10))
    changed = (one != other).any(axis=2)
    allowed = np.zeros_like(changed)
    canvas = draw_picture(same_face(0, 3), SIDE)
    for side in (-1, 1):
        x, y = (canvas.place(eye_place(same_face(0, 3), side)[0][None])[0] / SUPERSAMPLING).round()
        allowed[int(y) - 8 : int(y) + 9, int(x) - 8 : int(x) + 9] = True
    assert changed.sum() > 60
    assert not (changed & ~allowed).any()


def test_another_hair_colour_leaves_irises_mouth_and_backdrop_alone() -> None:
    face = same_face(0, 3)
    one, other = (draw_picture(same_face(hair, 3), SIDE).pixels() for hair in (0, 8))
    canvas = draw_picture(face, SIDE)
    for point in (*(eye_place(face, side)[0] + (0, 0.08) for side in (-1, 1)), (0.0, 0.68)):
        np.testing.assert_array_equal(around(canvas, one, point), around(canvas, other, point))
    assert (one != other).any(axis=2).mean() > 0.15


def test_all_cuts_mouths_extras_and_backdrops_occur() -> None:
    faces = make_faces(0, 0, 300)
    assert {face.hair.back for face in faces} == set(BACKS) == set(CUTS)
    assert {face.hair.fringe for face in faces} == set(FRINGES) == set(FRINGE_SHAPES)
    assert {face.expression.mouth for face in faces} == set(MOUTHS) > set(LINES)
    assert {face.extra for face in faces} == set(EXTRAS)
    assert {face.backdrop for face in faces} == set(BACKDROPS)
    assert {face.pose.flip for face in faces} == {True, False}


@pytest.mark.parametrize("cut", BACKS)
def test_each_cut_looks_different(cut: str) -> None:
    face = same_face(0, 3)
    others = [replace(face, hair=replace(face.hair, back=back)) for back in BACKS if back != cut]
    mine = replace(face, hair=replace(face.hair, back=cut))
    pixels = draw_picture(mine, 32).pixels()
    assert all((draw_picture(other, 32).pixels() != pixels).any() for other in others)


def test_a_pose_mirrors_turns_and_shifts() -> None:
    canvas = Canvas(32, WHITE)
    canvas.pose(np.pi / 2, 1.0, (0.0, 0.0))
    np.testing.assert_allclose(canvas.place(np.array([[1.0, 0.0]])) / SUPERSAMPLING, [[16, 32]])
    canvas.pose(0.0, 0.5, (0.5, 0.0), flip=True)
    np.testing.assert_allclose(canvas.place(np.array([[1.0, 0.0]])) / SUPERSAMPLING, [[16, 16]])


def test_curves_pass_through_their_corners() -> None:
    corners = ((0.0, 0.0), (1.0, 0.5), (0.5, 1.0), (-0.5, 0.5))
    for curve in (closed(corners), open_curve(corners)):
        for corner in corners:
            assert np.abs(curve - corner).sum(axis=1).min() < 1e-12
    np.testing.assert_array_equal(open_curve(corners)[-1], corners[-1])


def test_an_ellipse_has_its_centre_and_radii() -> None:
    points = ellipse(1.0, 2.0, 3.0, 4.0)
    np.testing.assert_allclose(np.abs(points - (1.0, 2.0)).max(axis=0), (3.0, 4.0), rtol=1e-2)


def test_numbers_of_a_face_do_not_depend_on_its_neighbours() -> None:
    np.testing.assert_array_equal(numbers(5, 1, 7, 9, 4), numbers(5, 1, 0, 9, 4)[7:])


@pytest.mark.parametrize("resolution", [8, 16, 48, 128])
def test_faces_are_drawn_at_any_resolution(resolution: int) -> None:
    pixels = draw_picture(same_face(0, 3), resolution).pixels()
    assert pixels.shape == (resolution, resolution, 3)
    assert pixels.std() > 20
