"""The entry module: declares the data set and loads the rest when it is opened."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ganx import DatasetSpec, hookimpl
from ganx_iclevr.config import IclevrConfig

if TYPE_CHECKING:
    from ganx import Dataset, Judge


def open_iclevr(config: IclevrConfig) -> "Dataset":
    """Open the folder or the rendered scenes; decodes and renders nothing."""
    from ganx_iclevr.dataset import open_dataset

    return open_dataset(config)


def read_lab_judge(path: Path) -> "Judge":
    """Read the lab's own judge."""
    from ganx_iclevr.lab_judge import load_lab_judge

    return load_lab_judge(path)


@hookimpl
def ganx_datasets() -> Iterable[DatasetSpec]:
    """Provide ``iclevr``."""
    yield DatasetSpec(
        "iclevr",
        "One to three coloured solids on a grey ground, real or rendered; 24 labels",
        IclevrConfig,
        open_iclevr,
        {".pth": read_lab_judge},
        unseen=IclevrConfig.unseen,
        suited=IclevrConfig.suited,
    )
