"""The settings of slots."""

from typing import Literal

from pydantic import Field

from ganx import Config


class SlotsConfig(Config):
    """Settings of the `slots` architecture."""

    generator: Literal["slots", "plain"] = "slots"
    """What draws: a slot for each label, or one stream of features that noise and labels scale and
    shift, as a control."""

    slots: int = Field(default=0, ge=0)
    """How many slots there are; 0: as many as an image of the data set has labels, one for a class,
    one for each attribute, and 4 where nothing is said of the images."""

    object_size: float = Field(default=0.0, ge=0.0, le=1.0)
    """The side of an object as a share of the image's, in the middle of what it can be (0.6 to 1.6
    times that); 0: 0.3 where images show several labels, 0.7 for classes and attributes."""

    width: int = Field(default=32, ge=4)
    """Channels of D's first layer; all other layers are multiples of it."""

    blocks: int = Field(default=1, ge=0)
    """Residual blocks of D on the map on which it looks for labels."""

    slot_noise: int = Field(default=8, ge=3)
    """Noise of each label, in numbers; the first two also move its object, and the third says how
    far it is the one object that stands still."""

    background_noise: int = Field(default=16, ge=1)
    """Noise of the background, in numbers."""

    background_cells: int = Field(default=2, ge=1)
    """The background's cells on a side. Few, so that it cannot learn objects that are often in one
    place."""
