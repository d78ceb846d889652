"""Settings of ganx's own evaluators. Loads no torch."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from ganx.config import Config


class PromptAccuracyConfig(Config):
    """How prompts are asked for."""

    repeats: int = Field(default=1, gt=0)
    """How often each prompt is asked for with each seed of the noise. The i-CLEVR protocol asks
    once; more make the figures of a few prompts, such as the ten digits, steadier."""


class CodesConfig(Config):
    """How learned codes are matched to classes."""

    images: int = Field(default=1000, gt=0)
    """Images of each seed of the noise, with random codes."""


class DiversityConfig(Config):
    """How the images of one prompt are compared with each other."""

    prompts: int = Field(default=16, gt=0)
    """How many different conditions are asked for with each seed of the noise."""

    images: int = Field(default=8, gt=1)
    """Images of each; of a generator without conditions, all prompts' images are compared."""

    seeds: int = Field(default=1, gt=0)
    """How many draws of noise the figures are means of, of those that the evaluation has."""

    real_images: int = Field(default=512, gt=1)
    """Among how many real images those are sought that share a condition."""


class DistributionConfig(Config):
    """How generated images are held against real ones."""

    images: int = Field(default=2048, gt=0)
    """Real images, and as many generated ones; fewer where there are not so many real ones."""

    seeds: int = Field(default=1, gt=0)
    """How many draws of noise the figures are means of, of those that the evaluation has."""

    features: Literal["judge", "inception"] = "judge"
    """Whose features are compared: the judge's, or those of Inception, whose distances alone are
    called FID and KID (``pip install "ganx[fid]"``)."""

    inception_weights: Path | None = None
    """The file of Inception's weights; without it, the one that torch-fidelity keeps or fetches."""

    neighbours: int = Field(default=5, gt=0)
    """To which nearest neighbour the balls reach of precision, recall, density and coverage."""

    subsets: int = Field(default=100, gt=0)
    """How many random subsets the kernel distance is taken of."""

    subset_size: int = Field(default=1000, gt=1)
    """Images in such a subset; at most half of all."""
