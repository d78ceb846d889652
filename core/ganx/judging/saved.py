"""A judge as one file: safetensors, with what is known of it as JSON in the header. No pickle."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from ganx.contracts.interface import Interface
from ganx.contracts.judge import Judge
from ganx.contracts.specs import DatasetSpec
from ganx.errors import RunError
from ganx.files import writing, written_whole
from ganx.judging.network import JudgeNetwork
from ganx.judging.settings import SUFFIX
from ganx.remedies import Remedy

FORMAT_VERSION = 1
_KEY = "ganx.judge"


def save_judge(judge: Judge, path: Path) -> None:
    """Write a judge, whole or not at all. Raises ``RunError`` when the disk refuses."""
    about = {
        "format": FORMAT_VERSION,
        "interface": judge.interface.to_json(),
        "record": dict(judge.record),
    }
    state = judge.network.state_dict()
    tensors = {
        name: value.cpu().clone(memory_format=torch.contiguous_format)
        for name, value in state.items()
    }
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as aside:
            # Written here rather than by safetensors, whose files nobody else may read.
            aside.write_bytes(save(tensors, {_KEY: json.dumps(about)}))


def load_judge(path: Path, device: torch.device | str = "cpu") -> Judge:
    """Read a judge. Raises ``RunError`` for a file that is missing, damaged or something else."""
    about, tensors = _read(path)
    interface = Interface.from_json(about["interface"])
    network = JudgeNetwork(interface, about["record"]["settings"]["width"])
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        raise RunError(f"The judge {path} does not fit its own description: {error}") from None
    network.to(device).to(memory_format=torch.channels_last).eval()
    return Judge(network.requires_grad_(requires_grad=False), interface, about["record"])


def _read(path: Path) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    """Read the header's JSON and the weights."""
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {}).get(_KEY, "{}"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 -- no mapping
    except (OSError, SafetensorError, ValueError) as error:
        raise RunError(f"Cannot read the judge {path}: {error}.") from None
    if about.get("format") != FORMAT_VERSION:
        raise RunError(
            f"{path} is no judge of format {FORMAT_VERSION}, which this ganx reads, but "
            f"{about.get('format', 'another file')!r}. Train a judge with this version."
        )
    return about, tensors


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
        raise RunError(
            f"{path} is no judge: {_readable(spec)}", remedy=Remedy("train-a-judge", "Train one.")
        )
    judge = readers[suffix](path)
    judge.network.to(device)
    return judge


def _readable(spec: DatasetSpec | None) -> str:
    """Say which files are read."""
    own = f"its name must end in {SUFFIX}"
    if spec is None or not spec.judges:
        return f"{own}."
    return f"{own} or, for the data set {spec.name!r}, in {', '.join(sorted(spec.judges))}."
