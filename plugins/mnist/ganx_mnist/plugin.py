"""The entry module: declares the data set and loads the rest when it is opened."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ganx import DatasetSpec, hookimpl
from ganx_mnist.config import MnistConfig

if TYPE_CHECKING:
    from ganx import Dataset


def open_mnist(config: MnistConfig) -> "Dataset":
    """Open the digits; resizes and renders nothing, and downloads only where that is asked for."""
    from ganx_mnist.dataset import open_dataset

    return open_dataset(config)


@hookimpl
def ganx_datasets() -> Iterable[DatasetSpec]:
    """Provide ``mnist``."""
    yield DatasetSpec(
        "mnist",
        "Grey digits from 0 to 9: MNIST's idx files, a download, or rendered from a font",
        MnistConfig,
        open_mnist,
        unseen=MnistConfig.unseen,
        suited=MnistConfig.suited,
    )
