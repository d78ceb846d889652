"""Neck, clothes, ears and the face itself, without what is on it."""

import numpy as np

from ganx_animefaces.draw.canvas import Canvas
from ganx_animefaces.draw.colours import NIGHT, WHITE, mix
from ganx_animefaces.draw.curves import Points, closed, ellipse, open_curve, symmetric
from ganx_animefaces.draw.face import Face

LINE = 0.022
"""Width of the lines around things."""


def draw_body(canvas: Canvas, face: Face) -> None:
    """Draw what is below the chin."""
    skin, clothes = face.skin, face.clothes
    canvas.fill(np.array(((-0.17, 0.6), (0.17, 0.6), (0.2, 1.3), (-0.2, 1.3))), skin.shade)
    shoulder = symmetric(open_curve(((0.0, 1.18), (0.2, 0.98), (0.55, 1.06), (0.95, 1.3))))
    shoulder = np.concatenate((shoulder, ((-0.95, 2.0), (0.95, 2.0))))
    canvas.outlined(shoulder, clothes, mix(clothes, NIGHT, 0.5), LINE)
    for side in (-1, 1):
        collar = np.array(((0.0, 1.2), (0.2, 0.95), (0.4, 1.04), (0.26, 1.3))) * (side, 1)
        canvas.fill(collar, mix(clothes, WHITE, 0.35))


def draw_face(canvas: Canvas, face: Face) -> None:
    """Draw ears and face."""
    skin = face.skin
    for side in (-1, 1):
        ear = closed(((0.0, -0.14), (0.12, -0.12), (0.1, 0.06), (0.0, 0.16)))
        place = (side * (face.width - 0.02) + face.pose.turn * -0.03, 0.17)
        canvas.outlined(ear * (side, 1) + place, skin.shade, skin.line, LINE)
    canvas.outlined(face_outline(face), skin.base, skin.line, LINE)
    if face.expression.blush:
        for side in (-1, 1):
            x = side * 0.34 + face.pose.turn * 0.07
            canvas.fill(ellipse(x, 0.44, 0.1, 0.052), mix(skin.base, (244, 104, 116), 0.3))


def face_outline(face: Face) -> Points:
    """Outline a face: round above, with cheeks and a small chin below."""
    width, chin, turn = face.width, face.chin, face.pose.turn * 0.06
    right = (
        (0.0, -0.6),
        (width * 0.75, -0.42),
        (width, 0.0),
        (width * 0.97, 0.3),
        (width * 0.72, 0.56),
        (0.16, chin - 0.03),
    )
    left = tuple((-x, y) for x, y in reversed(right[1:]))
    outline = closed((*right, (0.0, chin), *left))
    lean = np.clip((outline[:, 1] + 0.2) / 0.9, 0, 1)
    return outline + np.stack((lean * turn, np.zeros(len(outline))), axis=1)
