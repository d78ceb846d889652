"""What metrics are called in TensorBoard, which groups by what stands before the first slash."""

from ganx import PARTS

_OF_LOSSES = frozenset(map(str, PARTS))


def tag(name: str) -> str:
    """Name a metric: ``loss/real.bce``, ``probability/real``, ``validation/top-k``."""
    owner, dot, rest = name.partition(".")
    if not dot:
        return f"run/{name}"
    return f"loss/{name}" if owner in _OF_LOSSES else f"{owner}/{rest}"
