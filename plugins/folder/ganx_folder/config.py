"""The settings of the folder data set."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field

from ganx import Config, Wish

Links = Literal["inside", "anywhere"]


class FolderConfig(Config):
    """Which folder is read, how its labels are understood, and how large the images become."""

    folder: Path | None = None
    """The folder of images (``--data DIR``); there is nothing to fall back on without one."""

    resolution: Annotated[int, Field(ge=8, le=1024)] = 64
    """The side of the square, in pixels, that every image is squeezed to."""

    channels: Literal[1, 3] = 3
    """3 for colour, 1 for grey."""

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

    def suited(self, wish: Wish) -> Self:
        """Fulfil the wishes for labels and for another resolution."""
        changes = {
            "labels": wish.labels or self.labels,
            "resolution": wish.resolution or self.resolution,
        }
        return self.model_copy(update=changes)
