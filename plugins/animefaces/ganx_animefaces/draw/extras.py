"""What is worn in the hair."""

import numpy as np

from ganx_animefaces.draw.canvas import Canvas
from ganx_animefaces.draw.colours import NIGHT, mix
from ganx_animefaces.draw.curves import closed, ellipse
from ganx_animefaces.draw.face import Face
from ganx_animefaces.draw.head import LINE


def draw_extra(canvas: Canvas, face: Face) -> None:
    """Draw a ribbon, a clip, a band or a pair of ears, if the face has one."""
    if face.extra == "ribbon":
        _draw_ribbon(canvas, face)
    elif face.extra == "clip":
        _draw_clip(canvas, face)
    elif face.extra == "band":
        _draw_band(canvas, face)
    elif face.extra == "ears":
        _draw_ears(canvas, face)


def _draw_ribbon(canvas: Canvas, face: Face) -> None:
    """Tie a bow at the side of the crown."""
    colour, line = face.extra_colour, mix(face.extra_colour, NIGHT, 0.55)
    middle = np.array((0.42, -0.66))
    wing = closed(((0.03, -0.03), (0.24, -0.16), (0.27, 0.08), (0.03, 0.04)))
    for side in (-1, 1):
        canvas.outlined(wing * (side, 1) + middle, colour, line, LINE)
    canvas.outlined(ellipse(middle[0], middle[1], 0.06, 0.07), mix(colour, NIGHT, 0.2), line, LINE)


def _draw_clip(canvas: Canvas, face: Face) -> None:
    """Cross two clips above the temple."""
    line = mix(face.extra_colour, NIGHT, 0.5)
    for tilt in (-0.05, 0.05):
        bar = np.array(((0.34, -0.24 - tilt), (0.56, -0.24 + tilt)))
        canvas.line(bar, line, 0.065)
        canvas.line(bar, face.extra_colour, 0.035)


def _draw_band(canvas: Canvas, face: Face) -> None:
    """Put a band over the head."""
    x = np.linspace(-0.6, 0.6, 13)
    upper = np.stack((x, -0.72 + 0.75 * x**2), axis=1)
    lower = np.stack((x, -0.62 + 0.78 * x**2), axis=1)[::-1]
    line = mix(face.extra_colour, NIGHT, 0.5)
    canvas.outlined(np.concatenate((upper, lower)), face.extra_colour, line, LINE)


def _draw_ears(canvas: Canvas, face: Face) -> None:
    """Grow the ears of a cat."""
    tones = face.hair.tones
    outer = np.array(((0.22, -0.8), (0.55, -1.12), (0.62, -0.52)))
    inner = np.array(((0.33, -0.78), (0.52, -0.99), (0.56, -0.62)))
    for side in (-1, 1):
        canvas.outlined(outer * (side, 1), tones.base, tones.line, LINE)
        canvas.fill(inner * (side, 1), mix(face.skin.shade, (240, 120, 140), 0.3))
