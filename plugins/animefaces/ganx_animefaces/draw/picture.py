"""The pictures of a seed's endless sequence, asked for by number.

Shapes: B pictures, R the resolution.
"""

import numpy as np
from numpy.typing import NDArray

from ganx_animefaces.draw.canvas import Canvas
from ganx_animefaces.draw.chance import Chance, numbers
from ganx_animefaces.draw.extras import draw_extra
from ganx_animefaces.draw.eyes import draw_eyes
from ganx_animefaces.draw.face import CHANCES, Face, make_face
from ganx_animefaces.draw.hair_back import draw_back
from ganx_animefaces.draw.hair_front import draw_fringe_shadow, draw_front
from ganx_animefaces.draw.head import draw_body, draw_face
from ganx_animefaces.draw.mouth import draw_mouth
from ganx_animefaces.draw.scenery import draw_scenery
from ganx_animefaces.vocabulary import EYES, HAIR

_LABELS, _LOOKS = 0, 1
"""Streams of random numbers: labels can be drawn for all faces without drawing their looks."""


def draw_labels(seed: int, start: int, stop: int) -> NDArray[np.int64]:
    """Draw hair and eye indices [stop - start, 2] of faces; all 132 pairs are equally likely."""
    chances = numbers(seed, _LABELS, start, stop, 2)
    return (chances * (len(HAIR), len(EYES))).astype(np.int64)


def make_faces(seed: int, start: int, stop: int) -> list[Face]:
    """Make the faces start to stop - 1 of a seed."""
    labels = draw_labels(seed, start, stop).tolist()
    rows = numbers(seed, _LOOKS, start, stop, CHANCES)
    return [
        make_face(hair, eyes, Chance(row)) for (hair, eyes), row in zip(labels, rows, strict=True)
    ]


def draw_faces(seed: int, start: int, stop: int, resolution: int) -> NDArray[np.uint8]:
    """Draw the faces start to stop - 1 of a seed as uint8 [stop - start, R, R, 3]."""
    pixels = np.empty((stop - start, resolution, resolution, 3), np.uint8)
    for row, face in enumerate(make_faces(seed, start, stop)):
        pixels[row] = draw_picture(face, resolution).pixels()
    return pixels


def draw_picture(face: Face, resolution: int) -> Canvas:
    """Draw one face, from the back to the front; the canvas is left in the pose of the head."""
    canvas = Canvas(resolution, face.backdrop_colours[0])
    draw_scenery(canvas, face.backdrop, face.backdrop_colours[1], face.backdrop_place)
    pose = face.pose
    canvas.pose(pose.angle, pose.scale, pose.shift, flip=pose.flip)
    if face.extra == "ears":
        draw_extra(canvas, face)
    draw_back(canvas, face)
    draw_body(canvas, face)
    draw_face(canvas, face)
    draw_fringe_shadow(canvas, face)
    draw_mouth(canvas, face)
    draw_eyes(canvas, face)
    draw_front(canvas, face)
    if face.extra != "ears":
        draw_extra(canvas, face)
    return canvas
