"""How a judge is built and trained. Loads no torch."""

from typing import Annotated

from pydantic import Field

from ganx.config import Config

SUFFIX = ".safetensors"
"""What the names of judges' files end in."""


class JudgeConfig(Config):
    """How a judge is built and trained."""

    width: Annotated[int, Field(gt=0)] = 32
    """Channels of the first block; the last has four times as many."""

    epochs: Annotated[int, Field(gt=0)] = 5
    """Passes over the images it learns from."""

    batch_size: Annotated[int, Field(gt=0)] = 32
    """Images in one step."""

    learning_rate: Annotated[float, Field(gt=0)] = 6e-3
    """AdamW's step size at its highest; it rises for a fifth of the steps and then falls to 0."""

    weight_decay: Annotated[float, Field(ge=0)] = 0.05
    """AdamW's decay of the weights."""

    shift: Annotated[int, Field(ge=0)] = 0
    """Images are moved by up to so many pixels each way while it learns; edges are repeated."""

    smallest: Annotated[int, Field(ge=0)] = 0
    """A side in pixels: half of the images are shrunk to a side of at least this one and enlarged
    again while it learns, so that it also judges generators of lower resolution; 0 shrinks none."""

    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """Of the weights, the order of the images, and how they are changed."""
