"""The ten digits as a condition. Shapes: N images."""

import numpy as np
from numpy.typing import NDArray

from ganx import Condition, Group, Interface

DIGITS = tuple("0123456789")
PROMPTS = {"digits": DIGITS}
CHANNELS = 1


def interface(resolution: int) -> Interface:
    """Describe images and conditions to the models."""
    return Interface(resolution, CHANNELS, Condition("classes", (Group("digit", DIGITS),)))


def one_hot(digits: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Write digits [N] as conditions [N, 10]."""
    rows: NDArray[np.uint8] = np.eye(len(DIGITS), dtype=np.uint8)[digits]
    return rows
