"""What an exported file is asked when it is verified: fixed inputs at several batch sizes.

Shapes: z [B, Z], c [B, K].
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.condition import Condition
from ganx.contracts.frozen import FrozenGenerator, Generate

BATCHES = (1, 2, 3, 7, 64)
"""One, the size that graphs are captured at, odd ones, and one that servers use."""

Answer = NDArray[Any] | str
"""Images, or the reason why there are none."""


@dataclass(frozen=True)
class Question:
    """Inputs of one call; c is [B, 0] for an unconditional model."""

    z: NDArray[np.float32]
    c: NDArray[np.float32]


def batches_of(batch: int | None) -> tuple[int, ...]:
    """Return the batch sizes that a file is asked for; one that is fixed is the only one."""
    return (batch,) if batch else BATCHES


def question(frozen: FrozenGenerator, batch: int) -> Question:
    """Return the fixed inputs of a batch size."""
    inputs = [one.numpy() for one in frozen.example_inputs(batch)]
    return Question(inputs[0], inputs[1] if len(inputs) > 1 else np.zeros((batch, 0), np.float32))


def contrasted(frozen: FrozenGenerator, batch: int) -> list[Question]:
    """Return two questions that differ by the condition alone; none for an unconditional model."""
    condition = frozen.interface.condition
    if not condition.size:
        return []
    z = question(frozen, 1).z.repeat(batch, axis=0)
    return [Question(z, c.repeat(batch, axis=0)) for c in _first_and_last(condition)]


def _first_and_last(condition: Condition) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Encode the first value of each group, and the last; nothing if there is only one."""
    first = np.zeros((1, condition.size), np.float32)
    last = np.zeros_like(first)
    for group, place in zip(condition.groups, condition.slices.values(), strict=True):
        first[0, place.start] = 1
        last[0, place.stop - 1] = len(group.values) > 1
    return first, last


def answers_here(generate: Generate, questions: Sequence[Question]) -> list[Answer]:
    """Ask a file that is open in this process."""
    return [_ask(generate, one) for one in questions]


def _ask(generate: Generate, asked: Question) -> Answer:
    try:
        return generate(asked.z, asked.c)
    except Exception as error:  # noqa: BLE001 - a runtime may raise anything
        return (str(error).strip().splitlines() or [type(error).__name__])[-1]
