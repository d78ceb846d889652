"""The configurations of our augmentations. Loads no torch."""

from pydantic import Field

from ganx.config import Config


class TranslationConfig(Config):
    """Settings of DiffAugment's translation."""

    shift: float = Field(default=0.125, gt=0.0, le=0.5)
    """The longest shift in each direction, as a share of the side."""


class CutoutConfig(Config):
    """Settings of DiffAugment's cutout."""

    hole: float = Field(default=0.5, gt=0.0, le=1.0)
    """The side of the square that is cut out, as a share of the image's."""
