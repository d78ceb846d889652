"""What evaluators are given: a generator, what to ask of it, and what to hold it against.

Shapes: N images [N, C, H, W] in [-1, 1]; conditions [N, K].
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.judge import Judge


@dataclass(frozen=True)
class Reference:
    """Real images that generated ones are held against."""

    name: str
    """Which images these are, such as ``held-out scenes``; part of the name of a figure."""

    count: int
    """How many there are."""

    read: Callable[[int], tuple[Tensor, NDArray[np.float32]]]
    """Returns the first so many images and their conditions; decodes or renders where it must."""


@dataclass(frozen=True)
class Subject:
    """A generator under evaluation."""

    generator: FrozenGenerator
    """Its ``module`` is in eval mode, on the device where images are made."""

    prompts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Named sets of condition texts."""

    judge: Judge | None = None
    reference: Reference | None = None
    seeds: Sequence[int] = (0, 1, 2, 3, 4)
    """Of the noise; figures are means over them."""

    factors: Sequence[str] = ()
    """What each word of a label says, such as ``("colour", "shape")``; see ``Dataset.factors``."""
