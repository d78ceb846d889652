"""Ctrl-C and SIGTERM: while training, a request to save and stop; before it, or twice, the end."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from types import FrameType

import click


class StoppedAtOnce(KeyboardInterrupt):
    """A stop signal came when there was nothing to save, or a second one came."""


class StopRequests:
    """Remembers the first stop signal."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.signal_number = 0
        self._say = say
        self._can_save = False

    @property
    def exit_code(self) -> int:
        """What shells report for a program that the signal ended."""
        return 128 + self.signal_number

    def requested(self) -> bool:
        """Tell whether a stop was asked for."""
        return self.signal_number != 0

    def save_first(self) -> None:
        """From now on the first signal only asks for a stop."""
        self._can_save = True

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Note the first signal; raises ``StoppedAtOnce`` at the second, or before training."""
        del frame
        again = self.requested()
        self.signal_number = number
        if again or not self._can_save:
            raise StoppedAtOnce
        text = "Stopping after this iteration and saving; press Ctrl-C again to quit at once."
        # A thread of its own, since the signal may have come in the middle of a print.
        Thread(target=self._say, args=(text,)).start()


@contextmanager
def stop_requests(say: Callable[[str], None]) -> Iterator[StopRequests]:
    """Catch stop signals while the block runs; a stop at once becomes the exit code of a shell."""
    stop = StopRequests(say)
    numbers = (signal.SIGINT, signal.SIGTERM)
    former = {number: signal.signal(number, stop.handle) for number in numbers}
    try:
        yield stop
    except StoppedAtOnce:
        click.echo("Interrupted.", err=True)
        raise click.exceptions.Exit(stop.exit_code) from None
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
