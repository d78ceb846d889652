"""Axes of curves: where values lie between two ends, and which ticks to show."""

from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_ROUNDING = 1e-9


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
        """List round values inside the axis, in ``most`` steps at the most."""
        from matplotlib.ticker import MaxNLocator

        found = MaxNLocator(most, steps=_STEPS, min_n_ticks=1).tick_values(self.low, self.high)
        return [float(tick) for tick in found if -_ROUNDING < self.share(tick) < 1 + _ROUNDING]
