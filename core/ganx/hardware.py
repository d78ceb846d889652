"""What the processor is good at, as torch reports it."""

from collections.abc import Mapping
from functools import cache

_FAST = ("amx_tile", "avx512_bf16")
"""Instruction sets that multiply bfloat16 matrices faster than float32 ones."""


@cache
def cpu_bf16_is_fast() -> bool:
    """Tell whether autocast to bfloat16 pays on this CPU.

    True where torch finds AMX tiles or AVX512-BF16. Without them bfloat16 is emulated, which is
    slower than float32. False where torch cannot tell, and on other architectures.
    """
    return any(_capabilities().get(name, False) for name in _FAST)


def _capabilities() -> Mapping[str, object]:
    """Ask torch for the instruction sets; its public function exists in newer versions only."""
    from torch import cpu

    listed = getattr(cpu, "get_capabilities", None)
    if listed is not None:
        capabilities: Mapping[str, object] = listed()
        return capabilities
    return {
        "amx_tile": _asked(cpu, "_is_amx_tile_supported"),
        "avx512_bf16": _asked(cpu, "_is_avx512_bf16_supported"),
    }


def _asked(module: object, function: str) -> bool:
    """Call one of torch's older questions; False where this build of torch has it not."""
    question = getattr(module, function, None)
    try:
        return bool(question()) if question is not None else False
    except RuntimeError:
        # Builds for other architectures have the name without the function behind it.
        return False
