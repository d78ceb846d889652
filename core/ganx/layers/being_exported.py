"""How a layer learns that it is being written down for other programs.

What is fastest in PyTorch may be a trick of its kernels, which other programs do not have. A layer
with such a trick asks here, and takes the operations of its paper instead.
"""

from collections.abc import Callable

import torch

_is_tracing: Callable[[], bool] = torch.jit.is_tracing  # type: ignore[attr-defined]


def being_exported() -> bool:
    """Tell whether the forward pass is traced, scripted or captured rather than run."""
    if torch.jit.is_scripting():  # type: ignore[attr-defined]
        return True
    else:  # noqa: RET505 - TorchScript leaves out only what stands in the other branch
        return _is_tracing() or torch.compiler.is_exporting()
