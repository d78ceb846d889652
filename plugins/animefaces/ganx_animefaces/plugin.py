"""The entry module: declares the data set and loads the rest when it is opened."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ganx import DatasetSpec, hookimpl
from ganx_animefaces.config import AnimefacesConfig

if TYPE_CHECKING:
    from ganx import Dataset


def open_animefaces(config: AnimefacesConfig) -> "Dataset":
    """Open the folder or the rendered faces; decodes and draws nothing."""
    from ganx_animefaces.dataset import open_dataset

    return open_dataset(config)


@hookimpl
def ganx_datasets() -> Iterable[DatasetSpec]:
    """Provide ``animefaces``."""
    yield DatasetSpec(
        "animefaces",
        "Anime faces, real or drawn; the colours of hair (12) and eyes (11)",
        AnimefacesConfig,
        open_animefaces,
        unseen=AnimefacesConfig.unseen,
        suited=AnimefacesConfig.suited,
    )
