"""The hair behind the head: eight cuts."""

import math
from collections.abc import Callable, Iterator

from ganx_animefaces.draw.canvas import Canvas
from ganx_animefaces.draw.curves import Points, closed, ellipse, open_curve, symmetric, tuft
from ganx_animefaces.draw.face import Face
from ganx_animefaces.draw.head import LINE

SKULL = (0.0, -0.12, 0.7, 0.76)
"""Centre and radii of the head with its hair."""

SPIKES = ((-0.19, 1.2), (-0.11, 1.26), (-0.03, 1.28), (0.05, 1.26))
"""Where the spikes of a side stand, as fractions of a turn, and how far they reach."""


def draw_back(canvas: Canvas, face: Face) -> None:
    """Draw the hair behind the head in its shaded tone."""
    tones = face.hair.tones
    for outline in CUTS[face.hair.back](face):
        canvas.outlined(outline, tones.shade, tones.line, LINE)
    canvas.outlined(ellipse(*SKULL), tones.shade, tones.line, LINE)


def _long(face: Face) -> Iterator[Points]:
    """Let straight hair fall out of the picture."""
    wide = 0.04 * face.hair.wobble[0]
    yield symmetric(
        open_curve(((0, -0.88), (0.55, -0.68), (0.76, -0.1), (0.8 + wide, 0.6), (0.9 + wide, 1.4)))
    )


def _bob(face: Face) -> Iterator[Points]:
    """Cut the hair at the chin and turn it in."""
    end = 0.66 + 0.1 * face.hair.wobble[0]
    yield symmetric(
        open_curve(
            ((0, -0.88), (0.55, -0.68), (0.78, -0.05), (0.84, end - 0.25), (0.62, end), (0, end))
        )
    )


def _short(face: Face) -> Iterator[Points]:
    """Leave a little hair at the neck."""
    end = 0.5 + 0.08 * face.hair.wobble[0]
    for side in (-1, 1):
        for root, tip in ((0.72, 0.7), (0.6, 0.6), (0.46, 0.44)):
            points = tuft((root - 0.22, 0.1), (tip, end - 0.12 + 0.16 * (0.72 - root)), (root, 0.0))
            yield points * (side, 1)


def _tails(face: Face) -> Iterator[Points]:
    """Tie the hair into two tails."""
    swing = 0.06 * face.hair.wobble[0]
    tail = closed(
        (
            *((0.6, -0.5), (0.86, -0.56), (1.02 + swing, -0.1), (1.0 + swing, 0.55)),
            *((0.84 + swing, 1.15), (0.74, 0.6), (0.76, 0.0)),
        )
    )
    yield tail
    yield tail * (-1, 1)
    yield from _short(face)


def _ponytail(face: Face) -> Iterator[Points]:
    """Tie the hair into one tail that hangs to a side."""
    swing = 0.06 * face.hair.wobble[0]
    yield closed(
        (
            *((0.25, -0.78), (0.62, -0.98), (0.95, -0.62), (1.0 + swing, 0.0)),
            *((0.86 + swing, 0.75), (0.74, 0.2), (0.66, -0.4)),
        )
    )
    yield from _short(face)


def _wavy(face: Face) -> Iterator[Points]:
    """Let curls fall on the shoulders."""
    wide = 0.03 * face.hair.wobble[0]
    yield symmetric(
        open_curve(
            (
                *((0, -0.88), (0.55, -0.7), (0.8 + wide, -0.25), (0.74, 0.05), (0.9 + wide, 0.3)),
                *((0.8, 0.58), (0.96 + wide, 0.85), (0.84, 1.1), (0.9, 1.4)),
            )
        )
    )


def _spiky(face: Face) -> Iterator[Points]:
    """Let the hair stand out to the sides and above, each spike swept a little downwards."""
    wobble = face.hair.wobble
    for side in (-1, 1):
        for spike, (turn, reach) in enumerate(SPIKES):
            stray = wobble[spike + (side > 0) * 4]
            tip = _on_skull(turn + 0.035, reach + 0.06 * stray)
            root, end = _on_skull(turn - 0.05, 0.95), _on_skull(turn + 0.055, 0.9)
            yield tuft(root, tip, end, 0.35) * (side, 1)


def _buns(face: Face) -> Iterator[Points]:
    """Put the hair up into two buns."""
    size = 0.25 + 0.04 * face.hair.wobble[0]
    yield ellipse(0.56, -0.7, size, size)
    yield ellipse(-0.56, -0.7, size, size)
    yield from _short(face)


def _on_skull(turn: float, reach: float) -> tuple[float, float]:
    """Find a point on the outline of the head, or further out; a turn of 0 is at the right."""
    x, y, width, height = SKULL
    angle = turn * math.tau
    return x + width * reach * math.cos(angle), y + height * reach * math.sin(angle)


CUTS: dict[str, Callable[[Face], Iterator[Points]]] = {
    "long": _long,
    "bob": _bob,
    "short": _short,
    "tails": _tails,
    "ponytail": _ponytail,
    "wavy": _wavy,
    "spiky": _spiky,
    "buns": _buns,
}
