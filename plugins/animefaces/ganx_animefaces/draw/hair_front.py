"""The hair in front: fringe, locks beside the face, the light on it, and a stray hair."""

import numpy as np

from ganx_animefaces.draw.canvas import Canvas
from ganx_animefaces.draw.curves import Corner, Points, ellipse, open_curve, tuft
from ganx_animefaces.draw.face import Face
from ganx_animefaces.draw.hair_back import SKULL
from ganx_animefaces.draw.head import LINE

EDGE = 0.68
"""Half the width of a fringe."""

Tuft = tuple[float, float, float, float]
"""Where a tuft's tip is, x and y, and where it ends on its right, x and y."""

FRINGES: dict[str, tuple[Tuft, ...]] = {
    "blunt": (
        *((-0.54, 0.06, -0.42, -0.06), (-0.3, 0.03, -0.18, -0.07), (-0.06, 0.03, 0.04, -0.07)),
        *((0.16, 0.03, 0.28, -0.07), (0.4, 0.04, 0.5, -0.05), (0.58, 0.08, 0.68, -0.1)),
    ),
    "tufts": (
        *((-0.55, 0.16, -0.4, -0.2), (-0.27, 0.06, -0.14, -0.26), (0.02, 0.08, 0.17, -0.26)),
        *((0.3, 0.06, 0.42, -0.2), (0.56, 0.16, 0.68, -0.1)),
    ),
    "swept": (
        *((-0.6, 0.2, -0.36, -0.42), (0.04, -0.06, 0.06, -0.18), (0.3, 0.0, 0.34, -0.1)),
        *((0.6, 0.22, 0.68, -0.1),),
    ),
    "parted": (
        *((-0.6, 0.24, -0.46, -0.08), (-0.34, -0.04, 0.0, -0.56), (0.34, -0.04, 0.46, -0.08)),
        *((0.6, 0.24, 0.68, -0.1),),
    ),
    "spiky": (
        *((-0.62, 0.14, -0.48, -0.22), (-0.44, 0.1, -0.3, -0.26), (-0.2, 0.04, -0.08, -0.3)),
        *((0.04, 0.12, 0.16, -0.3), (0.22, 0.02, 0.34, -0.26), (0.46, 0.1, 0.52, -0.22)),
        *((0.62, 0.14, 0.68, -0.1),),
    ),
    "crossed": (
        *((-0.56, 0.18, -0.36, -0.3), (-0.2, 0.0, -0.1, -0.34), (0.02, 0.3, 0.12, -0.34)),
        *((0.2, 0.0, 0.36, -0.3), (0.56, 0.18, 0.68, -0.1)),
    ),
}


def draw_front(canvas: Canvas, face: Face) -> None:
    """Draw all hair that is in front of the face."""
    tones = face.hair.tones
    for side in (-1, 1):
        canvas.outlined(_lock(face) * (side, 1), tones.base, tones.line, LINE)
    canvas.outlined(fringe(face), tones.base, tones.line, LINE)
    _draw_shine(canvas, face)
    if face.hair.sprout:
        sprout = tuft((-0.06, -0.82), (0.26, -1.02), (0.05, -0.84), 0.9)
        canvas.outlined(sprout, tones.base, tones.line, LINE)


def fringe(face: Face) -> Points:
    """Outline the fringe: over the top of the head, and back along the tips."""
    wobble, lean = face.hair.wobble, face.pose.turn * 0.05
    start: Corner = (-EDGE, -0.1)
    pieces = []
    for place, (x, y, right, level) in enumerate(FRINGES[face.hair.fringe]):
        stray = wobble[place % len(wobble)]
        stop = (right + lean * (right < EDGE), level)
        pieces.append(tuft(start, (x + lean + 0.04 * stray, y + 0.035 * stray), stop)[:-1])
        start = stop
    x, y, width, height = SKULL
    crown = ellipse(x, y, width, height, 1.0, 0.5)
    return np.concatenate((*pieces, crown))


def draw_fringe_shadow(canvas: Canvas, face: Face) -> None:
    """Let the fringe throw its shadow on the face."""
    points = fringe(face) * (face.width / EDGE * 0.95, 1.0) + (0.0, 0.055)
    canvas.fill(points, face.skin.shade)


def _lock(face: Face) -> Points:
    """Outline the lock at the right side of the face."""
    end = face.hair.lock
    tip = (0.55 + 0.03 * face.hair.wobble[6], end)
    return tuft((EDGE - 0.23, -0.3), tip, (EDGE, -0.2), 0.9)


def _draw_shine(canvas: Canvas, face: Face) -> None:
    """Draw the ring of light around the crown, and strands below it."""
    tones, wobble = face.hair.tones, face.hair.wobble
    top = _arc(-0.6, 0.47)
    bottom = _arc(-0.47, 0.5)[::-1]
    bottom[1::2, 1] -= 0.07
    canvas.fill(np.concatenate((top, bottom)), tones.light)
    for place, x in enumerate((-0.36, -0.1, 0.16, 0.4)):
        root = x + 0.06 * wobble[place]
        strand = open_curve(((root * 0.75, -0.78), (root, -0.5), (root * 1.1, -0.28)))
        canvas.line(strand, tones.shade, 0.018)


def _arc(level: float, half: float) -> Points:
    """Bow a line of nine points over the crown."""
    x = np.linspace(-half, half, 9)
    return np.stack((x, level + 0.5 * x**2), axis=1)
