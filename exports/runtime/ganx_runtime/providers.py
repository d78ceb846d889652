"""Which part of onnxruntime runs a file: CUDA, TensorRT or the CPU, and why not another.

onnxruntime takes the CPU without a word where another provider does not load; here a provider that
was asked for is the one that runs, or the reason is told.
"""

import os
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganx_runtime.description import Description
from ganx_runtime.errors import GeneratorError
from ganx_runtime.runners import OUTPUT, run_options

if TYPE_CHECKING:
    import onnxruntime

WISHES = ("auto", "cpu", "cuda", "tensorrt")
NAMES = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
}

LARGEST_ENGINE_BATCH = 64
"""TensorRT builds one engine for all batches up to this."""

_WHERE = {
    "cuda": "It needs an NVIDIA GPU with its driver and the CUDA and cuDNN that onnxruntime names "
    "on its page of the CUDA execution provider.",
    "tensorrt": "It needs an NVIDIA GPU, CUDA, and the TensorRT that onnxruntime names on its page "
    "of the TensorRT execution provider.",
}
_NOTHING, _ONLY_ERRORS = 4, 3
"""Severities of onnxruntime's log."""


@dataclass(frozen=True)
class Opened:
    """A session and what runs it."""

    session: "onnxruntime.InferenceSession"

    provider: str
    """``cpu``, ``cuda`` or ``tensorrt``."""

    graphs: bool
    """Whether runs may be captured as CUDA graphs."""

    reason: str
    """Why CUDA was not taken where it might have been; else empty."""


def imported() -> Any:
    """Import onnxruntime, which sends and writes nothing of its own then."""
    # It is read at import; otherwise an identity is written below the home folder.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    try:
        import onnxruntime
    except ImportError as error:
        raise GeneratorError(
            f"onnxruntime cannot be imported: {error}. Install ganx-runtime again, which brings it."
        ) from error
    return onnxruntime


def open_session(content: bytes, description: Description, wish: str) -> Opened:
    """Open a model with the provider that is wished for.

    ``auto`` takes CUDA where it loads, and else the CPU. Raises ``GeneratorError`` where the wish
    cannot be fulfilled, with the reason, and where onnxruntime refuses the model.
    """
    if wish not in WISHES:
        raise GeneratorError(f"There is no provider {wish!r}. Choose from: {', '.join(WISHES)}.")
    runtime = imported()
    if wish == "cpu":
        return Opened(_on_cpu(runtime, content), "cpu", graphs=False, reason="")
    name = "cuda" if wish == "auto" else wish
    opened, reason = _accelerated(runtime, content, description, name)
    if opened is not None:
        return opened
    if wish == "auto":
        return Opened(_on_cpu(runtime, content), "cpu", graphs=False, reason=reason)
    raise GeneratorError(
        f"The provider {name} was asked for and did not load: {reason}. {_WHERE[name]} "
        "With cpu or auto the file runs without it."
    )


def _on_cpu(runtime: Any, content: bytes) -> "onnxruntime.InferenceSession":
    """Open a model on the CPU."""
    try:
        return _session(runtime, content, [NAMES["cpu"]])
    except Exception as error:
        raise GeneratorError(
            f"onnxruntime {runtime.__version__} refuses the model: {_first_line(error)}. "
            "Export it again, or install another onnxruntime."
        ) from error


def _accelerated(
    runtime: Any, content: bytes, description: Description, name: str
) -> tuple[Opened | None, str]:
    """Open a model on a GPU, or say why that failed."""
    if not _may_have_gpu():
        return None, "there is no driver of NVIDIA here"
    if NAMES[name] not in runtime.get_available_providers():
        return None, f"the onnxruntime {runtime.__version__} that is installed comes without it"
    missing = _preload(runtime)
    failed: list[str] = []
    for graphs in (True, False) if name == "cuda" else (False,):
        try:
            session = _session(runtime, content, _order(name, description, graphs=graphs))
            if NAMES[name] not in session.get_providers():
                break
            _try(runtime, session, description)
            return Opened(session, name, graphs=graphs, reason=""), ""
        except Exception as error:  # noqa: BLE001 - onnxruntime has many, with no base of their own
            # Some models cannot be captured as a graph, which is said only here.
            failed.append(_first_line(error))
    told = [*failed[-1:], missing] if missing else failed[-1:]
    return None, "; ".join(told) or "there is no GPU, or not the CUDA that it was built for"


def _may_have_gpu() -> bool:
    """Tell whether there is a driver; elsewhere than on Linux only trying tells."""
    places = ("/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/dxg")
    return sys.platform != "linux" or any(Path(place).exists() for place in places)


def _try(runtime: Any, session: Any, description: Description) -> None:
    """Run a batch of zeros: a GPU may load a model and have no code to run it."""
    rows = description.batch or 1
    zeros = {name: np.zeros((rows, size), np.float32) for name, size in description.inputs.items()}
    session.run([OUTPUT], zeros, run_options(runtime))


def _order(name: str, description: Description, *, graphs: bool) -> list[tuple[str, Any]]:
    """List the providers in the order in which they get nodes, with their options."""
    # TF32 rounds to ten bits, which can be seen in 8-bit pixels.
    options = {"enable_cuda_graph": "1" if graphs else "0", "use_tf32": "0"}
    cuda: tuple[str, Any] = (NAMES["cuda"], options)
    if name == "cuda":
        return [cuda, (NAMES["cpu"], {})]
    shapes = {} if description.batch else _engine_shapes(description)
    return [(NAMES["tensorrt"], shapes), cuda]


def _engine_shapes(description: Description) -> dict[str, str]:
    """Tell TensorRT the batches of its engine, which it would build anew for each else."""

    def shapes(batch: int) -> str:
        return ",".join(f"{name}:{batch}x{size}" for name, size in description.inputs.items())

    return {
        "trt_profile_min_shapes": shapes(1),
        "trt_profile_opt_shapes": shapes(LARGEST_ENGINE_BATCH),
        "trt_profile_max_shapes": shapes(LARGEST_ENGINE_BATCH),
    }


def _session(runtime: Any, content: bytes, providers: list[Any]) -> "onnxruntime.InferenceSession":
    """Open a session that takes nothing but these bytes, these providers and ONNX's own form."""
    options = runtime.SessionOptions()
    # Other forms, and settings in the model, could name other files.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    options.log_severity_level = _ONLY_ERRORS
    runtime.set_default_logger_severity(_NOTHING)
    try:
        session: onnxruntime.InferenceSession = runtime.InferenceSession(
            content, options, providers, enable_fallback=0, read_config_from_model=0
        )
    finally:
        runtime.set_default_logger_severity(_ONLY_ERRORS)
    return session


def _preload(runtime: Any) -> str:
    """Load CUDA's libraries from packages; returns what is missing, which onnxruntime prints."""
    told = StringIO()
    with redirect_stdout(told):
        if hasattr(runtime, "preload_dlls"):  # since 1.21
            runtime.preload_dlls()
    # "Failed to load LIBRARY: REASON", where the reason names the library again
    return told.getvalue().partition("\n")[0].partition(": ")[2]


def _first_line(error: Exception) -> str:
    """Return the first line of what onnxruntime says."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(". ")
