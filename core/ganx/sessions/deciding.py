"""What ``precision = "auto"`` means for one run on this machine: measured once, then remembered."""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch

from ganx.device import Execution, has_native_bfloat16, processor_name
from ganx.errors import RunError
from ganx.files import replace_text
from ganx.host.observers import untouched_randomness
from ganx.sessions.measuring import Verdict, measure
from ganx.sessions.race import BUDGET, Candidate
from ganx.sessions.trial import Trial
from ganx.settings.tables import Precision
from ganx.training.setup import Setup
from ganx.version import __version__

SWITCH = "GANX_MEASURE"
"""The variable of the environment that forbids to measure, by 0, no, off or false."""

_ISA = ("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "ATEN_CPU_CAPABILITY")
"""Variables of the environment that hold PyTorch to older instructions."""


def measured(setup: Setup, execution: Execution, cache: Path) -> Execution:
    """Replace a guessed precision by a measured one, and remember it in the folder of caches.

    A precision that was asked for stays, and so does one where measuring is forbidden. The setup's
    networks and all random states are left as they are.
    """
    if not is_open(setup):
        return execution
    known = remembered(setup, execution, cache)
    if known is not None:
        return known
    train = setup.config.train
    try:
        with untouched_randomness():
            trial = Trial(setup, execution.device, time.monotonic() + BUDGET)
            batch = train.batch_size // train.accumulate
            verdict = measure(_formats(execution.device), _orders(setup), batch, trial.work)
    except Exception:  # noqa: BLE001 - such as a layer that takes no batch so small
        return execution  # whatever is wrong, training at its own batch will tell
    if verdict is None:
        return execution
    _remember(_facts(setup, execution), verdict, cache)
    return _as_found(execution, verdict)


def is_open(setup: Setup) -> bool:
    """Tell whether the precision of a run is still to be measured."""
    allowed = os.environ.get(SWITCH, "").lower() not in {"0", "no", "off", "false"}
    return setup.config.train.precision == "auto" and allowed


def remembered(setup: Setup, execution: Execution, cache: Path) -> Execution | None:
    """Return what was measured before for such a run on such a machine; None: nothing was."""
    facts = _facts(setup, execution)
    try:
        found = json.loads(_file(cache, facts).read_text(encoding="utf-8"))
        candidate = Candidate(**found["candidate"])
        verdict = Verdict(candidate, float(found["times_float32"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    possible = candidate.precision in _formats(execution.device)
    possible = possible and candidate.channels_last in _orders(setup)
    return _as_found(execution, verdict) if possible and found.get("facts") == facts else None


def told(execution: Execution) -> str:
    """Say what was measured, in one line; nothing where nothing was."""
    if execution.times_float32 is None:
        return ""
    where = "graphics card" if execution.device.type == "cuda" else "processor"
    order = f"({'' if execution.channels_last else 'not '}channels-last)"
    if execution.precision == "float32":
        return f"Training in float32: nothing measured clearly faster on this {where} {order}."
    times = f"{execution.times_float32:.1f} times as fast as float32"
    return f"Training in {execution.precision}, measured {times} on this {where} {order}."


def _formats(device: torch.device) -> tuple[Precision, ...]:
    """List the number formats that may be fast on a device, the usual one first."""
    if device.type == "cuda" and not has_native_bfloat16(device):
        return "float32", "float16"
    return "float32", "bfloat16"


def _orders(setup: Setup) -> tuple[bool, ...]:
    """List whether a run may be channels-last, the usual answer first."""
    asked = setup.config.train.channels_last
    return (True, False) if asked == "auto" else (asked,)


def _facts(setup: Setup, execution: Execution) -> dict[str, Any]:
    """Gather what the answer depends on: the machine, the networks and the versions."""
    config = setup.config
    return {
        "ganx": __version__,
        "torch": torch.__version__,
        **_machine(execution.device),
        "model": config.model.to_settings(),
        "interface": setup.dataset.interface.to_json(),
        "batch": config.train.batch_size // config.train.accumulate,
        "channels_last": config.train.channels_last,
        # A plugin's networks may change where its settings do not.
        "weights": hashlib.sha256("\n".join(_weights(setup)).encode()).hexdigest(),
    }


def _machine(device: torch.device) -> dict[str, Any]:
    """Describe what computes, with the instructions that PyTorch may use."""
    if device.type == "cuda":
        return {"card": torch.cuda.get_device_name(device), "cuda": torch.version.cuda}
    return {
        "processor": processor_name(),
        "capability": torch.backends.cpu.get_cpu_capability(),
        "held to": {name: os.environ.get(name, "").lower() for name in _ISA},
        "threads": torch.get_num_threads(),
    }


def _weights(setup: Setup) -> Iterator[str]:
    """Describe every weight of the networks, without its values."""
    for name, network in setup.networks.modules().items():
        for key, value in network.state_dict().items():
            yield f"{name}.{key} {tuple(value.shape)} {value.dtype}"


def _file(cache: Path, facts: dict[str, Any]) -> Path:
    """Name the file in which an answer is kept."""
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    return cache / "precision" / f"{digest[:32]}.json"


def _remember(facts: dict[str, Any], verdict: Verdict, cache: Path) -> None:
    """Keep an answer; where nothing can be written, the next run measures again."""
    file = _file(cache, facts)
    text = json.dumps({**asdict(verdict), "facts": facts}, indent=1)
    with suppress(OSError, RunError):
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_text(file, text + "\n")


def _as_found(execution: Execution, verdict: Verdict) -> Execution:
    """Write a verdict into an execution."""
    return replace(execution, **asdict(verdict.candidate), times_float32=verdict.times_float32)
