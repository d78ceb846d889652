"""Whether a run that is resumed finds the data that it was trained on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganx.contracts.dataset import Dataset, stated
from ganx.data.identity import Identity, differences
from ganx.data.marks import load_marks
from ganx.errors import RunError
from ganx.remedies import Remedy
from ganx.runs.checkpoint import load_state
from ganx.runs.directory import RunDirectory


def check_data(run: RunDirectory, checkpoint: Path, dataset: Dataset, now: Identity) -> None:
    """Raise ``RunError`` where a data set is not the one of a checkpoint, saying what differs."""
    fault = _fault(load_state(checkpoint), dataset, now, run)
    if fault:
        raise RunError(fault, remedy=_remedy(run, dataset.provenance.get("folder")))


def _remedy(run: RunDirectory, folder: Any) -> Remedy:
    """Say how to go on, with this data or that of before."""
    config, path = str(run.config), str(run.path)
    words = (
        "Go back to that data (dataset.folder may name another place), or start a new run from "
        f"these weights on the data of now, with the settings in {config} and train.init_from = "
        f"{path!r}."
    )
    if folder:
        return Remedy(
            "go-back-to-the-folder",
            words,
            {"config": config, "run": path, "folder": str(folder)},
        )
    return Remedy("go-back-to-the-data", words, {"config": config, "run": path})


def _fault(saved: Mapping[str, Any], dataset: Dataset, now: Identity, run: RunDirectory) -> str:
    """Say why a run cannot go on with this data; empty where it can."""
    if "dataset" not in saved:
        return _fault_of_old(saved["dataset_fingerprint"], dataset, now)
    told = differences(Identity.from_json(saved["dataset"], load_marks(run.marks)), now)
    if not told:
        return ""
    return (
        "The data set is not the one that the run was started on, so it cannot be resumed "
        f"exactly. What differs: {'; '.join(told)}."
    )


def _fault_of_old(fingerprint: str, dataset: Dataset, now: Identity) -> str:
    """Look at what checkpoints had before: a fingerprint in which files had their times."""
    if fingerprint == now.fingerprint:
        return ""
    if stated(dataset.provenance).is_rendered:
        return "The images of the data set are not those that the run was started on."
    return (
        "The checkpoint is of an earlier version of ganx, which knew files by the times of their "
        "last change. So nobody can tell whether the data set is still the same, and the run "
        "cannot be resumed exactly."
    )
