"""How a layer learns that its derivative will be differentiated again.

A gradient penalty trains on the gradient of D, so every operation of D needs a second derivative.
PyTorch's fused kernels have none. A layer that would rather use one asks here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch

# torch.compile reads a context variable as a constant and compiles anew where it changed.
_WANTED = ContextVar("second derivative wanted", default=False)


@contextmanager
def second_derivative() -> Iterator[None]:
    """Let what is computed inside be differentiated twice, as with ``create_graph=True``.

    The part ``penalty`` of a loss term runs inside it already; a term that differentiates twice in
    another part, through D or G, enters it around the forward pass.
    """
    token = _WANTED.set(True)
    try:
        yield
    finally:
        _WANTED.reset(token)


def second_derivative_wanted() -> bool:
    """Tell a layer whether it must avoid kernels that can be differentiated only once.

    A layer that ``torch.jit.script`` translated cannot ask, and is ready for either.
    """
    if torch.jit.is_scripting():  # type: ignore[attr-defined]
        return True
    else:  # noqa: RET505 - TorchScript leaves out only what stands in the other branch
        return _WANTED.get()
