"""The entry module: declares the data set and loads the rest when it is opened."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ganx import hookimpl
from ganx.specs import DatasetSpec
from ganx_iclevr.config import IclevrConfig

if TYPE_CHECKING:
    from ganx.dataset import Dataset


def open_iclevr(config: IclevrConfig) -> "Dataset":
    """Open the folder or the rendered scenes; decodes and renders nothing."""
    from ganx_iclevr.dataset import open_dataset

    return open_dataset(config)


@hookimpl
def ganx_datasets() -> Iterable[DatasetSpec]:
    """Provide ``iclevr``."""
    yield DatasetSpec(
        "iclevr",
        "One to three coloured solids on a grey ground, real or rendered; 24 labels",
        IclevrConfig,
        open_iclevr,
    )
