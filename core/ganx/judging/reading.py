"""Opening the file of a judge, in ganx's own form or in one that a data set's plugin reads."""

from pathlib import Path

import torch

from ganx.contracts.judge import Judge
from ganx.contracts.specs import DatasetSpec
from ganx.errors import RunError
from ganx.judging.saved import load_judge
from ganx.judging.settings import SUFFIX


def read_judge(
    path: Path, spec: DatasetSpec | None = None, device: torch.device | str = "cpu"
) -> Judge:
    """Open a judge by the file's suffix; ``spec`` is the data set whose images it is to judge.

    Raises ``RunError`` for a file that is missing, damaged, or of a form that nobody reads.
    """
    suffix = path.suffix.lower()
    if suffix == SUFFIX:
        return load_judge(path, device)
    readers = spec.judges if spec else {}
    if suffix not in readers:
        raise RunError(f"{path} is no judge: {_readable(spec)} Train one with `ganx judge train`.")
    judge = readers[suffix](path)
    judge.network.to(device)
    return judge


def _readable(spec: DatasetSpec | None) -> str:
    """Say which files are read."""
    own = f"its name must end in {SUFFIX}"
    if spec is None or not spec.judges:
        return f"{own}."
    return f"{own} or, for the data set {spec.name!r}, in {', '.join(sorted(spec.judges))}."
