"""Eyes and brows: large irises in two tones, so that their colour can be told in few pixels."""

import numpy as np

from ganx_animefaces.draw.canvas import Canvas
from ganx_animefaces.draw.colours import WHITE, Colour, mix
from ganx_animefaces.draw.curves import Points, closed, ellipse, open_curve
from ganx_animefaces.draw.face import Face

APART = 0.29
LEVEL = 0.2
"""Where the eyes are: at x = -APART and APART, both at y = LEVEL, when the head is not turned."""

IRIS = (0.132, 0.178)
"""The iris's radii."""

LASH: Colour = (42, 26, 38)


def draw_eyes(canvas: Canvas, face: Face) -> None:
    """Draw both eyes and their brows."""
    for side in (-1, 1):
        middle, breadth = eye_place(face, side)
        frame = np.array((side * breadth, 1.0))
        _draw_eye(canvas, face, middle, frame)
        _draw_brow(canvas, face, middle, frame)


def eye_place(face: Face, side: int) -> tuple[Points, float]:
    """Tell where an eye [2] is, and how broad it is against one seen from the front."""
    turn = face.pose.turn
    x = side * APART * (1 - 0.05 * abs(turn)) + turn * 0.075
    return np.array((x, LEVEL)), 1.0 - 0.1 * max(0.0, side * turn)


def _draw_eye(canvas: Canvas, face: Face, middle: Points, frame: Points) -> None:
    """Draw one eye; x of its shapes points to the temple."""
    look, tones = face.expression, face.expression.eyes
    tall, slant = look.openness, look.slant
    white = closed(
        (
            *((-0.165, 0.02), (-0.13, -0.12 * tall), (0.0, -0.185 * tall)),
            *((0.14, -0.13 * tall - slant), (0.185, 0.0 - slant), (0.13, 0.15 * tall)),
            *((0.0, 0.185 * tall), (-0.12, 0.14 * tall)),
        )
    )
    canvas.fill(white * frame + middle, (250, 248, 252))
    iris = middle + np.array(look.gaze)
    wide, high = IRIS[0] * abs(frame[0]), IRIS[1] * tall

    def disc(x: float, y: float, width: float, height: float, colour: Colour) -> None:
        canvas.fill(ellipse(iris[0] + x, iris[1] + y, wide * width, high * height), colour)

    disc(0.0, 0.0, 1.0, 1.0, tones.shade)
    disc(0.0, 0.022, 0.88, 0.86, tones.base)
    disc(0.0, 0.085 * tall, 0.62, 0.42, tones.light)
    disc(0.0, -0.012, 0.36, 0.42, tones.line)
    disc(-0.045, -0.075, 0.3, 0.26, WHITE)
    disc(0.05, 0.07, 0.13, 0.11, WHITE)
    canvas.fill(_lash(tall, slant) * frame + middle, LASH)
    lower = open_curve(((-0.09, 0.185 * tall), (0.04, 0.205 * tall), (0.13, 0.165 * tall)))
    canvas.line(lower * frame + middle, mix(LASH, face.skin.shade, 0.35), 0.018)


def _lash(tall: float, slant: float) -> Points:
    """Outline the upper lashes: thin towards the nose, thick and winged at the temple."""
    outer = ((-0.18, -0.03), (-0.12, -0.16 * tall), (0.02, -0.235 * tall))
    wing = ((0.16, -0.185 * tall - slant), (0.235, -0.04 - slant))
    under = ((0.175, -0.07 - slant), (0.11, -0.13 * tall - slant), (0.0, -0.175 * tall))
    return np.concatenate(
        (open_curve((*outer, *wing)), open_curve((*under, (-0.11, -0.125 * tall), outer[0])))
    )


def _draw_brow(canvas: Canvas, face: Face, middle: Points, frame: Points) -> None:
    """Draw a brow in the dark tone of the hair."""
    look = face.expression
    level, slant = -0.315 + look.brow, look.brow_slant
    line = open_curve(((-0.14, level + slant), (0.03, level - 0.035), (0.17, level + 0.02 - slant)))
    canvas.line(line * frame + middle, mix(face.hair.tones.line, face.skin.shade, 0.2), 0.03)
