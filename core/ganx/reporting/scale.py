"""Axes of curves: where values lie between two ends, and which ticks to show."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Scale:
    """One axis from ``low`` to ``high``."""

    low: float
    high: float

    @classmethod
    def covering(cls, values: Sequence[float], margin: float = 0.0) -> "Scale":
        """Cover all values, and a share of their range on both sides; a single value lies inside.

        Without any value it runs from 0 to 1.
        """
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        if low == high:
            return cls(low - (abs(low) or 1.0) / 2, high + (abs(high) or 1.0) / 2)
        room = margin * (high - low)
        return cls(low - room, high + room)

    def share(self, value: float) -> float:
        """Tell how far along the axis a value lies: 0 at its low end, 1 at its high end."""
        return (value - self.low) / (self.high - self.low)

    def ticks(self, most: int) -> list[float]:
        """List round values inside the axis, ``most`` at the most."""
        rough = (self.high - self.low) / most
        power = 10.0 ** math.floor(math.log10(rough))
        step = power * next(one for one in _STEPS if one * power >= rough * (1 - 1e-9))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [index * step for index in range(first, last + 1)]
