"""Images of one colour, saved as files."""

from pathlib import Path
from typing import Any

from PIL import Image

RED, WHITE = (255, 0, 0), (255, 255, 255)
NAMES = ("0.png", "1.png", "2.png")


def save(path: Path, colour: Any = RED, mode: str = "RGB", size: tuple[int, int] = (8, 6)) -> Path:
    """Save an image, in the format that its name says, and the folders around it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path)
    return path


def three_images(folder: Path) -> Path:
    """Save ``NAMES``, of which image i has the red value i; return the folder."""
    for red, name in enumerate(NAMES):
        save(folder / name, (red, 0, 0))
    return folder
