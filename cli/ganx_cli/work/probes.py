"""Questions to the machine. Each answers one fact and may raise anything."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_GIB = 1 << 30


def processor() -> str:
    """Name the processor."""
    from ganx.device import processor_name

    return processor_name()


def cores() -> str:
    """Count the cores that this process may use, and those of the machine."""
    everywhere = os.cpu_count() or 1
    affinity = getattr(os, "sched_getaffinity", None)
    usable = len(affinity(0)) if affinity else everywhere
    return f"{usable} of {everywhere}" if usable != everywhere else str(usable)


def memory(meminfo: Path = Path("/proc/meminfo")) -> str:
    """Tell the physical memory, and how much of it programs can still get."""
    page = os.sysconf("SC_PAGE_SIZE")
    whole = os.sysconf("SC_PHYS_PAGES") * page
    text = meminfo.read_text(encoding="utf-8") if meminfo.is_file() else ""
    told = re.search(r"^MemAvailable:\s*(\d+) kB$", text, re.MULTILINE)
    # Free pages leave out the page cache, which the system hands over to whoever needs memory.
    available = int(told[1]) * 1024 if told else os.sysconf("SC_AVPHYS_PAGES") * page
    return f"{whole / _GIB:.1f} GiB, {available / _GIB:.1f} GiB available"


def torch_version() -> str:
    """Tell torch's version and what it was built for."""
    import torch

    built = f"CUDA {torch.version.cuda}" if torch.version.cuda else "CPU only"
    hip = getattr(torch.version, "hip", None)
    return f"{torch.__version__} (built for {f'ROCm {hip}' if hip else built})"


def torchvision_version() -> str:
    """Tell torchvision's version; importing it fails beside a torch that does not fit."""
    import torchvision

    return str(torchvision.__version__)


def cuda() -> bool:
    """Tell whether torch can use CUDA."""
    import torch

    return torch.cuda.is_available()


def cuda_devices() -> list[str]:
    """Name every graphics card with its memory and compute capability."""
    import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    cards = [torch.cuda.get_device_properties(index) for index in range(count)]
    return [
        f"{card.name}, {card.total_memory / _GIB:.0f} GiB, capability {card.major}.{card.minor}"
        for card in cards
    ]


def has_tiles() -> bool:
    """Tell whether this CPU has AMX tiles, for which bfloat16 is chosen where nothing measures."""
    from ganx.device import cpu_bf16_is_fast

    return cpu_bf16_is_fast()


def compiler() -> str:
    """Find the C++ compiler that torch.compile needs on a CPU."""
    usual = "clang++" if sys.platform == "darwin" else "g++"
    name = os.environ.get("CXX") or usual
    found = shutil.which(name)
    return found or f"no {name} found: torch.compile cannot compile for the CPU"


def compile_works() -> bool:
    """Compile a small function and compare its result."""
    import torch

    values = torch.linspace(0, 1, 16)
    compiled = torch.compile(torch.sin)
    return bool(torch.allclose(compiled(values), torch.sin(values)))


def onnxruntime_version() -> str:
    """Tell onnxruntime's version."""
    return str(_onnxruntime().__version__)


def claimed_providers() -> list[str]:
    """List the providers that onnxruntime was built with, whether or not they load here."""
    return list(_onnxruntime().get_available_providers())


def real_provider() -> str:
    """Run a model of one node, asking for CUDA first, and tell which provider it got."""
    runtime = _onnxruntime()
    asked = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    wanted = [name for name in asked if name in runtime.get_available_providers()]
    options = runtime.SessionOptions()
    options.log_severity_level = 4
    with _silent_process():
        session = runtime.InferenceSession(_one_node(), options, providers=wanted)
    return str(session.get_providers()[0])


def cache_folder() -> Path:
    """Find the folder of decoded and rendered images."""
    from ganx.data.cache import cache_root

    return cache_root()


def free_space() -> str:
    """Tell the room on the disk of the cache, which may not exist yet."""
    folder = cache_folder().absolute()
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    return f"{shutil.disk_usage(existing).free / _GIB:.1f} GiB"


def count_runs(runs: Path) -> int:
    """Count the runs in the folder of runs."""
    return sum(1 for _ in runs.glob("*/config.toml"))


def _onnxruntime() -> Any:
    """Import onnxruntime so that it writes no telemetry id and no warnings."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    with _silent_process():
        import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    return onnxruntime


def _one_node() -> bytes:
    from onnx import TensorProto, helper

    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y")]
    node = helper.make_node("Identity", ["x"], ["y"])
    graph = helper.make_graph([node], "one-node", ends[:1], ends[1:])
    opset = helper.make_opsetid("", 18)
    # Release 8 of the format is old enough for every onnxruntime that ganx allows.
    model = helper.make_model(graph, opset_imports=[opset], ir_version=8)
    return bytes(model.SerializeToString())


@contextmanager
def _silent_process() -> Iterator[None]:
    """Discard what native code writes to the process's own standard output and error."""
    sys.stdout.flush()
    sys.stderr.flush()
    saved = {number: os.dup(number) for number in (1, 2)}
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for number in saved:
            os.dup2(nowhere, number)
        yield
    finally:
        sys.stdout.flush()
        for number, copy in saved.items():
            os.dup2(copy, number)
            os.close(copy)
        os.close(nowhere)
