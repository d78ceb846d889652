"""The settings of the folder data set."""

from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator

from ganx import Config, Wish

Links = Literal["inside", "anywhere"]


class FolderConfig(Config):
    """Which folder is read, how its labels are understood, and how large the images become."""

    folder: Path | None = None
    """The folder of images (``--data DIR``); there is nothing to fall back on without one."""

    resolution: Annotated[int, Field(ge=8, le=1024)] = 64
    """The side of the square, in pixels, that every image is brought to."""

    channels: Literal[1, 3] = 3
    """3 for colour, 1 for grey."""

    skip_damaged: bool = False
    """True leaves out images that cannot be decoded, and counts them, instead of refusing them all.
    To know them, all images are decoded once before they are decoded into the cache."""

    kind: Literal["auto", "none", "classes", "labels", "attributes"] = "auto"
    """What the folders' names or the table say of an image: nothing, one class, any number of
    labels, or one value of each attribute. Auto decides and says what it decided."""

    table: str = "auto"
    """The table of labels, relative to the folder, under any name. Auto reads one that has a usual
    name, and none reads no table."""

    columns: tuple[str, ...] = ()
    """The columns of the table that are read, in this order; all when none is named."""

    links: Links = "inside"
    """Where links may lead: inside the folder, or anywhere, for a folder made of links to images
    that lie elsewhere."""

    labels: bool = True
    """False trains without labels, whatever the folder says of its images."""

    mirror: bool = False
    """True where a mirrored image is as good as the image; training then mirrors at random."""

    fit: Literal["squeeze", "crop", "pad"] = "squeeze"
    """How an image that is not square becomes one: squeezed out of shape, its middle cut out, or
    whole on white."""

    grey_range: Literal["auto"] | tuple[float, float] = "auto"
    """Which values of grey become black and white, as [low, high], in images of more than 8 bits.
    Auto takes the next full depth above the largest value of all images, such as 0 to 4095."""

    @field_validator("grey_range", mode="before")
    @classmethod
    def _a_range(cls, value: Any) -> Any:
        """Say in one sentence what a range is."""
        if value == "auto":
            return value
        try:
            low, high = map(float, value)
        except (TypeError, ValueError):
            low = high = 0.0
        if not (isfinite(low) and isfinite(high) and low < high):
            raise ValueError("give auto, or two numbers [low, high], the smaller first")
        return low, high

    def suited(self, wish: Wish) -> Self:
        """Fulfil the wishes for labels and for another resolution."""
        changes = {
            "labels": wish.labels or self.labels,
            "resolution": wish.resolution or self.resolution,
        }
        return self.model_copy(update=changes)
