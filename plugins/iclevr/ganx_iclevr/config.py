"""The settings of the i-CLEVR data set."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ganx import RenderedOrFolder


class IclevrConfig(RenderedOrFolder):
    """Where the images come from and how large they are."""

    source: Literal["auto", "folder", "rendered"] = "auto"
    """Real images from a folder, or rendered scenes; auto takes the folder when one is given."""

    folder: Path | None = None
    """The folder with objects.json, train.json and the images (``--data DIR``)."""

    labels: bool = True
    """Tell the networks which objects an image shows; false trains without labels."""

    size: Annotated[int, Field(ge=1)] = 18009
    """How many images a rendered source has; the real set has 18009."""

    seed: Annotated[int, Field(ge=0)] = 0
    """The seed of the rendered scenes."""

    skip_damaged: bool = False
    """Leave out images of a folder that cannot be decoded, and say so; to know them, all are
    decoded once when the folder is first opened. False names them in an error."""
