"""The words for hair and eyes, and the condition that they make.

Shapes: N images; K = 12 + 11 entries.
"""

import numpy as np
from numpy.typing import NDArray

from ganx import Condition, Group

HAIR = (
    *("orange", "white", "aqua", "gray", "green", "red"),
    *("purple", "pink", "blue", "black", "brown", "blonde"),
)
"""The 12 hair colours in the order of report 002."""

EYES = (
    *("gray", "black", "orange", "pink", "yellow", "aqua"),
    *("purple", "green", "brown", "red", "blue"),
)
"""The 11 eye colours in the order of report 002."""

CONDITION = Condition("attributes", (Group("hair", HAIR), Group("eyes", EYES)))

_PROMPT_STEPS = (0, 5)


def one_hot(hair: NDArray[np.int64], eyes: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Write colour indices [N] and [N] as conditions [N, K]."""
    rows = np.zeros((len(hair), CONDITION.size), np.uint8)
    images = np.arange(len(hair))
    rows[images, hair] = 1
    rows[images, len(HAIR) + eyes] = 1
    return rows


def empty_values(conditions: NDArray[np.uint8]) -> dict[str, list[str]]:
    """Name, for each group, the values that no image has; groups without any are left out."""
    counts = conditions.sum(axis=0, dtype=np.int64)
    found = {}
    for group in CONDITION.groups:
        present = counts[CONDITION.slices[group.name]]
        missing = [value for value, count in zip(group.values, present, strict=True) if not count]
        if missing:
            found[group.name] = missing
    return found


def pair_prompts(conditions: NDArray[np.uint8]) -> tuple[str, ...]:
    """Write two prompts for each hair colour, such as ``"hair=pink, eyes=blue"``.

    Together they have every eye colour at least twice. Those with a colour that no image has are
    left out, as nothing can be learnt about it.
    """
    empty = empty_values(conditions)
    return tuple(
        f"hair={hair}, eyes={eyes}"
        for step in _PROMPT_STEPS
        for place, hair in enumerate(HAIR)
        for eyes in (EYES[(place + step) % len(EYES)],)
        if hair not in empty.get("hair", ()) and eyes not in empty.get("eyes", ())
    )
