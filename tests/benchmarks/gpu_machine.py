"""The machine as a piece: what it is, and which versions of everything run on it."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from gpu_pieces import Report

_PACKAGES = ("torch", "torchvision", "triton", "numpy", "pydantic", "pluggy", "onnxruntime")


def describe_machine(report: Report, deadline: float) -> None:
    """Report processor, memory, GPU, driver and versions."""
    del deadline
    report(
        {
            "system": platform.platform(),
            "python": platform.python_version(),
            "cores": len(os.sched_getaffinity(0)),
            "memory_gib": _gib(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")),
            "packages": {name: _version(name) for name in _PACKAGES},
        }
    )
    report({"driver": _driver()})
    report(_seen_by_torch())


def _seen_by_torch() -> dict[str, Any]:
    """Describe the devices as PyTorch sees them, and the plugins as ganx does."""
    import torch

    from ganx.host import default_host
    from ganx.version import __version__

    host = default_host()
    plugins = {one.name: f"{one.distribution} {one.version}" for one in host.plugins}
    found: dict[str, Any] = {
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "ganx": __version__,
        "plugins": plugins,
        "plugin_problems": [str(problem) for problem in host.problems],
        "gpu": None,
    }
    if torch.cuda.is_available():
        seen = torch.cuda.get_device_properties(0)
        found["gpu"] = {
            "name": seen.name,
            "memory_gib": _gib(seen.total_memory),
            "capability": f"{seen.major}.{seen.minor}",
            "multiprocessors": seen.multi_processor_count,
            "cuda": torch.version.cuda,
            "cudnn": torch.backends.cudnn.version(),
            "bfloat16": torch.cuda.is_bf16_supported(including_emulation=False),
        }
    return found


def _driver() -> str | None:
    """Ask NVIDIA's tool for the driver's version; None where there is none."""
    question = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        answer = subprocess.run(question, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()


def _version(distribution: str) -> str | None:
    """Return an installed version; None where there is none."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _gib(size: int) -> float:
    """Turn bytes into GiB."""
    return round(size / 2**30, 1)
