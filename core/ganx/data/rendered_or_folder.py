"""Settings of data sets whose images come from a folder, or are drawn where there is none."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from ganx.config import Config
from ganx.contracts.specs import Purpose, Wish
from ganx.errors import ConfigError
from ganx.remedies import Remedy

SEED_STEPS: Mapping[Purpose, int] = {"judge": 1000, "reference": 2000, "comparison": 3000}
"""How far the seed of unseen images lies from that of the run."""


class RenderedOrFolder(Config):
    """The settings that such data sets share, and how they are opened anew.

    A data set inherits them and names ``unseen`` and ``suited`` in its ``DatasetSpec``. It declares
    a setting again where it has another default, or more to say.
    """

    source: Literal["auto", "folder", "rendered"] = "auto"
    """Images from a folder, or drawn ones; auto takes the folder when one is given."""

    folder: Path | None = None
    """The folder of images (``--data DIR``)."""

    resolution: Annotated[int, Field(ge=8, le=1024)] = 64
    """The side of the square, in pixels, that every image is squeezed to."""

    labels: bool = True
    """Tell the networks what an image shows; false trains without labels."""

    size: Annotated[int, Field(ge=1)] = 10_000
    """How many images a rendered source has."""

    seed: Annotated[int, Field(ge=0)] = 0
    """The seed of the rendered images."""

    @property
    def is_rendered(self) -> bool:
        """Whether the images are drawn."""
        return self.source == "rendered" or (self.source == "auto" and self.folder is None)

    def chosen_source(self) -> str:
        """Return ``folder``, ``rendered``, or what else a data set offers as its source.

        Raises ``ConfigError`` where a folder is wanted and none is given, or the other way round.
        """
        if self.source == "auto":
            return "rendered" if self.is_rendered else "folder"
        if self.source == "folder" and self.folder is None:
            raise ConfigError(
                "The setting dataset.source is 'folder', but no folder is given.",
                remedy=Remedy(
                    "name-a-folder",
                    "Name it in dataset.folder, or set dataset.source to 'rendered'.",
                ),
            )
        if self.source != "folder" and self.folder is not None:
            raise ConfigError(
                f"The setting dataset.source is {self.source!r}, but a folder is given too.",
                remedy=Remedy(
                    "drop-the-folder",
                    "Drop dataset.folder, or set dataset.source to 'folder' to read it.",
                ),
            )
        return self.source

    def unseen(self, purpose: Purpose) -> Self | None:
        """Draw from another seed, of its own for each purpose; of a folder nothing is unseen."""
        if not self.is_rendered:
            return None
        return self.model_copy(update={"seed": self.seed + SEED_STEPS[purpose]})

    def suited(self, wish: Wish) -> Self:
        """Fulfil every wish; fewer images are to be had of drawn ones alone."""
        changes: dict[str, Any] = {
            "labels": wish.labels or self.labels,
            "resolution": wish.resolution or self.resolution,
            "size": wish.images or self.size,
        }
        return self.model_copy(update=changes)
