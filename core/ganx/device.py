"""Devices and number formats: what a setting means on this machine."""

import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ganx.errors import ConfigError
from ganx.remedies import Remedy


def processor_name() -> str:
    """Name the processor."""
    info = Path("/proc/cpuinfo")
    text = info.read_text(encoding="utf-8", errors="replace") if info.is_file() else ""
    named = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return named.group(1).strip() if named else platform.processor() or platform.machine()


@cache
def cpu_bf16_is_fast() -> bool:
    """Tell whether autocast to bfloat16 is sure to pay on this CPU, where nothing is measured.

    True where torch finds AMX tiles. With AVX512-BF16 alone a training step took a tenth longer
    than in float32, and without either more than twice as long, on the same processor held to
    those instructions (``ONEDNN_MAX_CPU_ISA``). False where torch cannot tell.
    """
    from torch import cpu

    listed = getattr(cpu, "get_capabilities", None)
    if listed is not None:
        return bool(listed().get("amx_tile", False))
    # Older versions of torch have a question without a public name.
    question = getattr(cpu, "_is_amx_tile_supported", None)
    try:
        return bool(question()) if question is not None else False
    except RuntimeError:
        # Builds for other architectures have the name without the function behind it.
        return False


@dataclass(frozen=True)
class Execution:
    """Where and how a run computes, with every ``auto`` decided."""

    device: torch.device
    precision: str
    compile: bool
    channels_last: bool
    times_float32: float | None = None
    """How many times as fast as in float32 a step was measured to be; None: not measured."""

    @property
    def dtype(self) -> torch.dtype:
        """The autocast type; float32 means that autocast is off."""
        dtype = getattr(torch, self.precision)
        assert isinstance(dtype, torch.dtype)
        return dtype

    @property
    def allows_tf32(self) -> bool:
        """Whether float32 products may be computed in TF32: in 16 bits on CUDA, never else."""
        return self.device.type == "cuda" and self.precision != "float32"

    @contextmanager
    def autocast(self) -> Iterator[None]:
        """Run convolutions and matrix products in the chosen type."""
        enabled = self.precision != "float32"
        dtype = self.dtype if enabled else None
        with torch.autocast(self.device.type, dtype=dtype, enabled=enabled):
            yield

    def compiled(self, network: nn.Module) -> nn.Module:
        """Compile a network, if that was chosen, once for each size of batch that it is shown.

        A compiled copy shares the parameters. It cannot be differentiated twice.
        """
        if not self.compile:
            return network
        compiled = torch.compile(network, dynamic=False)
        assert isinstance(compiled, nn.Module)
        return compiled

    def settings(self) -> dict[str, str | bool]:
        """Return the decided settings, in the form of the ``train`` table."""
        return {
            "device": str(self.device),
            "precision": self.precision,
            "compile": "on" if self.compile else "off",
            "channels_last": self.channels_last,
        }


def decide(
    device: str = "auto",
    precision: str = "auto",
    compiled: str = "auto",
    channels_last: bool | str = "auto",
) -> Execution:
    """Decide every ``auto`` by what the hardware says of itself; nothing is measured.

    Raises ``ConfigError`` for a device that is not there.
    """
    place = _device(device)
    chosen = _fast_precision(place) if precision == "auto" else precision
    if chosen == "float16" and place.type == "cpu":
        raise ConfigError("train.precision float16 needs CUDA; on a CPU use bfloat16 or float32.")
    compiles = compiled == "on" or (compiled == "auto" and place.type == "cuda")
    return Execution(place, chosen, compiles, channels_last is not False)


def _device(name: str) -> torch.device:
    available = torch.cuda.is_available()
    if name == "auto":
        return torch.device("cuda" if available else "cpu")
    device = torch.device(name)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ConfigError(
            f"There is no device {name!r}: PyTorch sees {torch.cuda.device_count()} CUDA devices.",
            remedy=Remedy("use-the-cpu", "Use the device 'cpu'."),
        )
    return device


def _fast_precision(device: torch.device) -> str:
    """Choose the format that the hardware is said to be fast at."""
    if device.type == "cpu":
        return "bfloat16" if cpu_bf16_is_fast() else "float32"
    return "bfloat16" if has_native_bfloat16(device) else "float16"


def has_native_bfloat16(device: torch.device) -> bool:
    """Tell whether a GPU computes in bfloat16, rather than emulating it."""
    # The question has no argument: torch asks the device that is current.
    with torch.cuda.device(device):
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))


@contextmanager
def matmul_policy(
    execution: Execution | None = None, *, try_kernels: bool | None = None
) -> Iterator[None]:
    """Compute float32 products and convolutions on CUDA as one rule says, and undo it afterwards.

    TF32 is allowed where ``execution`` is in 16 bits. An execution in float32, and none at all, as
    for samples, scores and what a judge says, mean IEEE float32. ``try_kernels`` lets cuDNN choose
    kernels by trying them; None leaves that as it is. All of it is the process's: other threads
    are under it too. CPUs are not concerned.
    """
    allowed = execution is not None and execution.allows_tf32
    legacy = _legacy_precision()
    before = [place.fp32_precision for place in _products()]
    tried = torch.backends.cudnn.benchmark
    # PyTorch's older switches as well: its compiler refuses to read them where the two disagree.
    torch.backends.cuda.matmul.allow_tf32 = allowed
    torch.backends.cudnn.allow_tf32 = allowed
    for place in _products()[:-1]:
        place.fp32_precision = "tf32" if allowed else "ieee"
    torch.backends.cudnn.benchmark = tried if try_kernels is None else try_kernels
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(legacy)
        torch.backends.cudnn.allow_tf32 = "tf32" in before[1:3]
        for place, precision in zip(_products(), before, strict=True):
            place.fp32_precision = precision
        torch.backends.cudnn.benchmark = tried


def _products() -> tuple[Any, ...]:
    """List where PyTorch keeps how float32 is multiplied: on CUDA, and last on CPUs."""
    places = attrgetter("cuda.matmul", "cudnn.conv", "cudnn.rnn", "mkldnn.matmul")
    found: tuple[Any, ...] = places(torch.backends)
    return found


def _legacy_precision() -> str:
    """Read the older switch, which cannot be read where it disagrees with the newer ones."""
    try:
        return torch.get_float32_matmul_precision()
    except RuntimeError:
        return "highest"
