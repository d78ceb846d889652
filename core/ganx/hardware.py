"""What the processor is good at, as torch reports it."""

import platform
import re
from functools import cache
from pathlib import Path


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
