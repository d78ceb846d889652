"""Settings of adaptive discriminator augmentation. Loads no torch."""

from typing import Literal

from pydantic import Field

from ganx import Config

Group = Literal["blit", "geometry", "color"]


class AdaConfig(Config):
    """Settings of adaptive discriminator augmentation."""

    groups: tuple[Group, ...] = ("blit", "geometry")
    """Which changes there are: blit (turns by 90 degrees, shifts by whole pixels), geometry
    (scaling, turning, stretching, shifts), color (brightness, contrast, inversion, hue,
    saturation). Leave out color where labels are colours."""

    mirror: bool = False
    """Whether blit mirrors images, too: not where they bear text or digits."""

    target: float = Field(default=0.6, gt=-1.0, lt=1.0)
    """The share of real images that D calls real, less the share that it does not, above which the
    probability rises; 0.6 in the paper."""

    rise: int = Field(default=100_000, gt=0)
    """Images seen over which the probability can go from 0 to 1. The paper has 500,000, for runs of
    25 million images."""

    interval: int = Field(default=256, gt=0)
    """Real images between two looks at D's opinion: four batches of 64 in the paper."""

    start: float = Field(default=0.0, ge=0.0, le=1.0)
    """The probability of each change at the start."""

    most: float = Field(default=0.8, ge=0.0, le=1.0)
    """The highest probability: near 1 the changes begin to show in generated images. With 0 nothing
    is changed, and D is only watched."""
