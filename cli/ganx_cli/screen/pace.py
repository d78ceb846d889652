"""How fast work goes and how long it will take, for people."""

import time
from collections import deque
from collections.abc import Callable

WINDOW = 30.0
"""Seconds over which the pace is measured."""


class Pace:
    """Images per second over the last half minute, whatever the images are part of."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque()

    def mark(self, done: int) -> None:
        """Note that so many images are done now."""
        now = self._clock()
        self._marks.append((now, done))
        # The oldest mark kept lies before the window, so that slow work has a pace too.
        while now - self._marks[min(1, len(self._marks) - 1)][0] > WINDOW:
            self._marks.popleft()

    @property
    def rate(self) -> float:
        """Images per second; 0 before anything was done."""
        if not self._marks:
            return 0.0
        (start, before), (now, done) = self._marks[0], self._marks[-1]
        return (done - before) / (now - start) if now > start else 0.0

    def tell(self, done: int, total: int) -> str:
        """Write, for example, ``5,120/10,000 images  61 images/s  1:20 left``."""
        parts = [f"{done:,}/{total:,} images"]
        if self.rate > 0:
            parts.append(f"{self.rate:.1f} images/s")
            if done < total:
                parts.append(f"{duration((total - done) / self.rate)} left")
        return "  ".join(parts)


def duration(seconds: float) -> str:
    """Write seconds as ``m:ss`` or ``h:mm:ss``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
