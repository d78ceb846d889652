"""What ``ganx doctor`` looks at, each fact by itself: one that fails does not hide the others."""

import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ganx.errors import GanxError
from ganx.host.faults import told
from ganx.version import __version__
from ganx_cli.remedies import in_full
from ganx_cli.state import AppState
from ganx_cli.work import probes

Facts = dict[str, Any]


def examine(state: AppState, runs: Path, *, compiles: bool = False) -> dict[str, Facts]:
    """Examine the machine. ``compiles`` tries torch.compile, which takes many seconds."""
    return {
        "ganx": _software(),
        "machine": _machine(),
        "torch": _torch(compiles=compiles),
        "onnxruntime": _onnxruntime(),
        "files": _files(runs),
        "plugins": _plugins(state),
    }


def attempt(probe: Callable[[], Any]) -> Any:
    """Return a fact, or ``{"failed": reason}``."""
    try:
        return probe()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever is broken here is the finding
        return {"failed": in_full(error) if isinstance(error, GanxError) else told(error)}


def _software() -> Facts:
    return {
        "ganx": __version__,
        "python": f"{platform.python_version()} ({platform.python_implementation()})",
        "system": attempt(lambda: f"{platform.system()} {platform.release()}"),
        "architecture": platform.machine(),
    }


def _machine() -> Facts:
    return {
        "processor": attempt(probes.processor),
        "cores": attempt(probes.cores),
        "memory": attempt(probes.memory),
    }


def _torch(*, compiles: bool) -> Facts:
    facts = {
        "torch": attempt(probes.torch_version),
        "torchvision": attempt(probes.torchvision_version),
        "CUDA": attempt(probes.cuda),
        "devices": attempt(probes.cuda_devices),
        "AMX tiles for bfloat16": attempt(probes.has_tiles),
        "compiler for torch.compile": attempt(probes.compiler),
    }
    if compiles:
        facts["torch.compile works"] = attempt(probes.compile_works)
    return facts


def _onnxruntime() -> Facts:
    return {
        "onnxruntime": attempt(probes.onnxruntime_version),
        "onnx": _installed("onnx"),
        "onnxscript": _installed("onnxscript"),
        "says it has": attempt(probes.claimed_providers),
        "really runs on": attempt(probes.real_provider),
    }


def _files(runs: Path) -> Facts:
    return {
        "cache": attempt(lambda: str(probes.cache_folder())),
        "free there": attempt(probes.free_space),
        "runs": attempt(lambda: f"{probes.count_runs(runs)} in {runs}"),
        "environment": [f"{key}={os.environ[key]}" for key in sorted(os.environ) if _ours(key)],
    }


def _plugins(state: AppState) -> Facts:
    loaded = attempt(
        lambda: [f"{one.name} ({one.distribution} {one.version})" for one in state.host.plugins]
    )
    return {
        "loaded": loaded,
        "left out": attempt(lambda: list(state.host.left_out)),
        "problems": attempt(lambda: [str(problem) for problem in state.problems]),
        "python path": sys.prefix,
    }


def _installed(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"


def _ours(key: str) -> bool:
    """Tell whether a variable of the environment changes what ganx does."""
    return key.startswith("GANX_") or key in {"CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS", "CXX"}
