"""The settings of the anime faces."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ganx import RenderedOrFolder


class AnimefacesConfig(RenderedOrFolder):
    """Where the faces come from, how large they are, and what is said of them."""

    source: Literal["auto", "folder", "rendered"] = "auto"
    """Faces from a folder, or drawn ones; auto takes the folder when one is given."""

    folder: Path | None = None
    """The folder with tags.csv or tags_clean.csv and the images (``--data DIR``)."""

    size: Annotated[int, Field(ge=1)] = 18_000
    """How many faces a rendered source has."""

    seed: Annotated[int, Field(ge=0)] = 0
    """The seed of the rendered faces."""

    labels: bool = True
    """Train with hair and eye colours; false trains without labels, on the same images."""

    mirror: bool = False
    """Show every face also mirrored left to right, as chance has it; off in the report."""

    skip_damaged: bool = False
    """Leave out images of a folder that cannot be decoded, and say so; to know them, all are
    decoded once when the folder is first opened. False names them in an error."""
