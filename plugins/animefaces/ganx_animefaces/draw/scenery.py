"""What is behind a head: a plain colour, stripes, a disc, a slope, or spots."""

import colorsys

import numpy as np

from ganx_animefaces.draw.canvas import Canvas
from ganx_animefaces.draw.chance import Chance
from ganx_animefaces.draw.colours import Colour
from ganx_animefaces.draw.curves import ellipse

_PALE = 0.7

BACKDROPS = ("plain", "disc", "slope", "stripes", "spots", "horizon")


def scenery_colours(chance: Chance) -> tuple[Colour, Colour]:
    """Choose two colours of one hue, mostly pale; any hue behind any hair."""
    hue, saturation = chance.between(0, 1), chance.between(0.04, 0.5)
    value, step = chance.between(0.45, 1.0), chance.between(0.06, 0.16)
    other = value - step if value > _PALE else value + step
    return _rgb(hue, saturation, value), _rgb(hue, saturation * 0.8, other)


def draw_scenery(canvas: Canvas, kind: str, colour: Colour, place: tuple[float, float]) -> None:
    """Draw a backdrop's second colour; ``place`` moves it about."""
    x, y = place
    if kind == "disc":
        canvas.fill(ellipse(x * 0.5, y * 0.5, 0.85, 0.85), colour)
    elif kind == "slope":
        canvas.fill(np.array(((-1.2, y), (1.2, x), (1.2, 1.2), (-1.2, 1.2))), colour)
    elif kind == "horizon":
        canvas.fill(np.array(((-1.2, y), (1.2, y), (1.2, 1.2), (-1.2, 1.2))), colour)
    elif kind == "stripes":
        for step in range(-4, 4):
            left = step * 0.5 + x * 0.25
            canvas.fill(
                np.array(((left, -1.2), (left + 0.2, -1.2), (left + 0.6, 1.2), (left + 0.4, 1.2))),
                colour,
            )
    elif kind == "spots":
        for column in range(4):
            for row in range(4):
                canvas.fill(
                    ellipse(column * 0.6 - 0.9 + x * 0.2, row * 0.6 - 0.9 + y * 0.2, 0.13, 0.13),
                    colour,
                )


def _rgb(hue: float, saturation: float, value: float) -> Colour:
    """Convert a colour from HSV."""
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
