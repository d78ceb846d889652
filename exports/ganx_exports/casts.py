"""Checking that a TorchScript file can be cast as the generator itself can.

Tracing writes down the type that a tensor had, so that ``x.to(y.dtype)`` stays float32 whatever the
file is cast to.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ganx.contracts.frozen import FrozenGenerator
from ganx.errors import ExportError
from ganx.exporting.quiet import quiet

CASTS = (torch.float16, torch.bfloat16)

STEPS = 4
"""By how many of the type's smallest steps at 1 the two may differ: the order of a sum decides."""

LOST = 2
"""How many times what the generator itself loses by the cast they may differ besides."""

_jit_load: Callable[..., Any] = torch.jit.load


def check_casts(frozen: FrozenGenerator, path: Path) -> None:
    """Raise ``ExportError`` where a file that is cast fails, or draws other images than eager does.

    Types that the generator itself cannot be cast to are not asked of its file.
    """
    with torch.no_grad():
        exact: Tensor = frozen.module(*frozen.example_inputs(2))
    for kind in CASTS:
        # As many as were traced: whether others work is found by the comparison with eager.
        inputs = [tensor.to(kind) for tensor in frozen.example_inputs(2)]
        with quiet(), torch.no_grad():
            expected = _expected(frozen.module, kind, inputs)
            if expected is not None:
                allowed = _allowed(exact, expected, kind)
                _check(_jit_load(path, map_location="cpu"), kind, inputs, expected, allowed)


def _expected(module: nn.Module, kind: torch.dtype, inputs: Sequence[Tensor]) -> Tensor | None:
    """Return what the cast generator draws, or None if it cannot be cast."""
    try:
        images: Tensor = deepcopy(module).to(kind)(*inputs)
    except (RuntimeError, TypeError):
        return None
    return images


def _allowed(exact: Tensor, expected: Tensor, kind: torch.dtype) -> float:
    """Return by how much a cast file may differ from the cast generator."""
    lost = float((exact.float() - expected.float()).abs().nan_to_num().max())
    rounding = 1.0 if expected.dtype == torch.uint8 else STEPS * torch.finfo(kind).eps
    return rounding + LOST * lost


def _check(
    module: Any, kind: torch.dtype, inputs: Sequence[Tensor], expected: Tensor, allowed: float
) -> None:
    """Compare a loaded file, cast, with what was expected of it."""
    name = str(kind).removeprefix("torch.")
    try:
        images: Tensor = module.to(kind)(*inputs)
    except RuntimeError as error:
        reason = [line.strip() for line in str(error).splitlines() if line.strip()][-1]
        raise ExportError(
            f"The exported file cannot be cast to {name}, and the generator can: {reason} "
            f"Write x.type_as(y) for x.to(y.dtype) in its forward."
        ) from error
    close = torch.isclose(images.float(), expected.float(), rtol=0, atol=allowed, equal_nan=True)
    if images.dtype != expected.dtype or not close.all():
        difference = float((images.float() - expected.float()).abs().max())
        raise ExportError(
            f"Cast to {name}, the exported file's images ({images.dtype}) differ from the "
            f"generator's ({expected.dtype}) by {difference:.1e}; {allowed:.1e} is allowed. "
            f"Write x.type_as(y) for x.to(y.dtype) in its forward."
        )
