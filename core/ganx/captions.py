"""Pictures of samples with the text above them that they were asked for."""

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from ganx.training.grid import grid_picture

_COLUMNS = 16
_MARGIN = 2


def prompt_picture(images: Tensor, texts: Sequence[str]) -> Image.Image:
    """Lay out equally many images [N, C, H, W] in [-1, 1] for each text, in the texts' order.

    Each text stands above its images: one row where 16 or fewer belong to each of several texts.
    Without texts there are no captions.
    """
    if not texts:
        return grid_picture(images)
    each = len(images) // len(texts)
    columns = min(each, _COLUMNS) if len(texts) > 1 else None
    grids = [grid_picture(part, columns) for part in torch.split(images, each)]
    return _stacked([part for pair in zip(texts, grids, strict=True) for part in _captioned(*pair)])


def _captioned(text: str, grid: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Draw a caption, as wide as it needs, for the grid below it."""
    font = ImageFont.load_default()
    measure = ImageDraw.Draw(Image.new("RGB", (1, 1))).textbbox
    # Every caption is as high as the tallest letters, so that rows are evenly spaced.
    right, bottom = measure((0, 0), text, font)[2], measure((0, 0), "Ajy", font)[3]
    size = (round(right) + 2 * _MARGIN, round(bottom) + 2 * _MARGIN)
    caption = Image.new("RGB", size, "white")
    ImageDraw.Draw(caption).text((_MARGIN, _MARGIN), text, "black", font)
    return caption, grid


def _stacked(parts: Sequence[Image.Image]) -> Image.Image:
    """Put pictures below each other on white, in the colours of the last one."""
    width, height = max(part.width for part in parts), sum(part.height for part in parts)
    mode = parts[-1].mode
    sheet = Image.fromarray(np.full((height, width, 4), 255, np.uint8)).convert(mode)
    top = 0
    for part in parts:
        sheet.paste(part.convert(mode), (0, top))
        top += part.height
    return sheet
