"""The settings of the data set of digits."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ganx import RenderedOrFolder


class MnistConfig(RenderedOrFolder):
    """Where the digits come from, how large they are, and which are trained on."""

    # One source more than others have.
    source: Literal["auto", "folder", "download", "rendered"] = "auto"  # type: ignore[assignment]
    """Real digits from a folder or downloaded, or rendered ones; auto never downloads: it takes
    the folder when one is given, and else renders."""

    folder: Path | None = None
    """The folder with MNIST's idx files, gzipped or not (``--data DIR``)."""

    split: Literal["auto", "train", "test", "all"] = "auto"
    """Which real images are trained on; auto takes the training images and holds the test images
    out, and takes the test images where there are no others."""

    resolution: Annotated[int, Field(ge=8, le=1024)] = 64
    """The side of the square, in pixels, that every digit is resized to; 28 leaves MNIST as it is.
    """

    labels: bool = True
    """Whether the digit is given as the condition; false trains without labels."""

    seed: Annotated[int, Field(ge=0)] = 0
    """The seed of the rendered digits."""
