"""Finding out what a session of training is made with: versions, plugins, hardware and data."""

import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import torch

from ganx.contracts.dataset import Dataset
from ganx.data.identity import Identity
from ganx.device import Execution
from ganx.host import LoadedPlugin
from ganx.runs.provenance import Provenance
from ganx.version import __version__

_PACKAGES = ("torchvision", "numpy", "pluggy", "pydantic", "safetensors")


def provenance(
    dataset: Dataset,
    identity: Identity,
    execution: Execution,
    plugins: Iterable[LoadedPlugin],
    seed: int,
) -> Provenance:
    """Describe what a session of training is made with, without paths of ganx itself."""
    return Provenance(
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        ganx=__version__,
        python=platform.python_version(),
        packages={"torch": torch.__version__} | {name: _version(name) for name in _PACKAGES},
        plugins=_plugins(plugins),
        hardware=_hardware(execution.device),
        execution=execution.settings() | _measured(execution),
        seed=seed,
        dataset={
            "fingerprint": identity.fingerprint,
            "labels_fingerprint": identity.labels,
            "images": identity.images,
            **dataset.provenance,
        },
    )


def _plugins(plugins: Iterable[LoadedPlugin]) -> dict[str, str]:
    """Name the distribution and version of each plugin, or of all that have its name."""
    found: dict[str, list[str]] = {}
    for plugin in plugins:
        found.setdefault(plugin.name, []).append(f"{plugin.distribution} {plugin.version}")
    return {name: ", ".join(origins) for name, origins in found.items()}


def _measured(execution: Execution) -> dict[str, float]:
    """Say how much faster than float32 the precision was measured to be, where it was."""
    times = execution.times_float32
    return {} if times is None else {"times_float32": round(times, 3)}


def _hardware(device: torch.device) -> dict[str, Any]:
    if device.type == "cuda":
        name = torch.cuda.get_device_name(device)
    else:
        name = platform.processor() or platform.machine()
    return {
        "system": sys.platform,
        "device": name,
        "threads": torch.get_num_threads(),
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
    }


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"
