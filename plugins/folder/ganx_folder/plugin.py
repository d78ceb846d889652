"""The entry module: declares the data set and loads the rest when it is opened."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ganx import DatasetSpec, hookimpl
from ganx_folder.config import FolderConfig

if TYPE_CHECKING:
    from ganx import Dataset


def open_folder(config: FolderConfig) -> "Dataset":
    """Open the folder; decodes nothing."""
    from ganx_folder.dataset import open_dataset

    return open_dataset(config)


@hookimpl
def ganx_datasets() -> Iterable[DatasetSpec]:
    """Provide ``folder``."""
    yield DatasetSpec(
        "folder",
        "Any folder of images: class folders, a table of labels, or no labels",
        FolderConfig,
        open_folder,
        suited=FolderConfig.suited,
    )
