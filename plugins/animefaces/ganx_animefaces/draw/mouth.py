"""Nose and mouth."""

import numpy as np

from ganx_animefaces.draw.canvas import Canvas
from ganx_animefaces.draw.colours import WHITE, Colour, mix
from ganx_animefaces.draw.curves import Points, closed, ellipse, open_curve
from ganx_animefaces.draw.face import Face

INSIDE: Colour = (142, 42, 52)
TONGUE: Colour = (232, 112, 116)

LINES = {
    "smile": ((-0.11, -0.01), (-0.05, 0.03), (0.05, 0.03), (0.11, -0.01)),
    "flat": ((-0.07, 0.01), (0.0, 0.005), (0.07, 0.01)),
    "sad": ((-0.08, 0.03), (-0.03, 0.0), (0.03, 0.0), (0.08, 0.03)),
    "cat": ((-0.12, -0.01), (-0.06, 0.03), (0.0, -0.005), (0.06, 0.03), (0.12, -0.01)),
}
"""Mouths that are a line."""


def draw_mouth(canvas: Canvas, face: Face) -> None:
    """Draw nose and mouth, shifted as the head is turned."""
    shift = face.pose.turn * 0.085
    line = face.skin.line
    nose = np.array(((0.0, 0.43), (0.018, 0.455), (-0.004, 0.462))) + np.array((shift, 0.0))
    canvas.line(nose, mix(face.skin.shade, line, 0.5), 0.02)
    middle = np.array((shift * 0.9, 0.585))
    size = face.expression.mouth_size
    kind = face.expression.mouth
    if kind in LINES:
        canvas.line(open_curve(LINES[kind]) * size + middle, line, 0.024)
    elif kind == "small":
        canvas.outlined(ellipse(middle[0], middle[1], 0.04, 0.05 * size), INSIDE, line, 0.018)
    else:
        _draw_open(canvas, middle, size, line, teeth=kind == "grin")


def _draw_open(canvas: Canvas, middle: Points, size: float, line: Colour, *, teeth: bool) -> None:
    """Draw a laughing mouth with a tongue, or teeth."""
    outline = closed(((-0.13, -0.03), (0.0, -0.02), (0.13, -0.03), (0.075, 0.08), (-0.075, 0.08)))
    canvas.outlined(outline * size + middle, INSIDE, line, 0.02)
    if teeth:
        band = np.array(((-0.1, -0.012), (0.1, -0.012), (0.075, 0.022), (-0.075, 0.022)))
        canvas.fill(band * size + middle, WHITE)
    else:
        canvas.fill(ellipse(0.0, 0.062, 0.06, 0.03) * size + middle, TONGUE)
