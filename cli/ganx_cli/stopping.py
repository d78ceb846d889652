"""Ctrl-C and SIGTERM as a request to save and stop; a second one stops at once."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class StopRequests:
    """Remembers the first stop signal."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.signal_number = 0
        self._say = say

    def requested(self) -> bool:
        """Tell whether a stop was asked for."""
        return self.signal_number != 0

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Note the first signal; give up at the second."""
        del frame
        if self.signal_number:
            raise KeyboardInterrupt
        self.signal_number = number
        self._say("Stopping after this iteration and saving; press Ctrl-C again to quit at once.")


@contextmanager
def stop_requests(say: Callable[[str], None]) -> Iterator[StopRequests]:
    """Catch stop signals while the block runs."""
    stop = StopRequests(say)
    numbers = (signal.SIGINT, signal.SIGTERM)
    former = {number: signal.signal(number, stop.handle) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
