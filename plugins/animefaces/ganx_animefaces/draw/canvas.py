"""A picture in the making: large, without antialiasing, and shrunk when it is done."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ganx_animefaces.draw.colours import Colour
from ganx_animefaces.draw.curves import Points

SUPERSAMPLING = 4


class Canvas:
    """A square of ``resolution`` pixels to draw on in coordinates from -1 to 1."""

    def __init__(self, resolution: int, background: Colour) -> None:
        side = resolution * SUPERSAMPLING
        self._image = Image.new("RGB", (side, side), background)
        self._draw = ImageDraw.Draw(self._image)
        self._half = side / 2
        self.pose(0.0, 1.0, (0.0, 0.0))

    def pose(
        self, angle: float, scale: float, shift: Sequence[float], *, flip: bool = False
    ) -> None:
        """Turn (radians), scale, shift and mirror all that is drawn from here on."""
        cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
        matrix = np.array(((cosine, sine), (-sine, cosine)))
        if flip:
            matrix[0] *= -1
        self._matrix = matrix * self._half
        self._origin = (np.array(shift) + 1) * self._half
        self._scale = scale * self._half

    def place(self, points: Points) -> Points:
        """Tell where points [N, 2] of the drawing are in the large picture, in its pixels."""
        return points @ self._matrix + self._origin

    def fill(self, points: Points, colour: Colour) -> None:
        """Fill an outline."""
        self._draw.polygon(self._flat(points), fill=colour)

    def line(self, points: Points, colour: Colour, width: float) -> None:
        """Draw a line of a width in units of the drawing."""
        self._draw.line(self._flat(points), fill=colour, width=self._pixels(width))

    def outlined(self, points: Points, colour: Colour, line: Colour, width: float) -> None:
        """Fill an outline and draw a line around it."""
        flat = self._flat(points)
        self._draw.polygon(flat, fill=colour)
        self._draw.line([*flat, *flat[:4]], fill=line, width=self._pixels(width))

    def _flat(self, points: Points) -> list[float]:
        """Write points [N, 2] as Pillow takes them fastest."""
        flat: list[float] = self.place(points).ravel().tolist()
        return flat

    def _pixels(self, width: float) -> int:
        """Measure a line in whole pixels of the large picture."""
        return max(1, round(width * self._scale))

    def pixels(self) -> NDArray[np.uint8]:
        """Return the picture as uint8 [resolution, resolution, 3]."""
        return np.asarray(self._image.reduce(SUPERSAMPLING), np.uint8)
