"""What a person sees of a training: a progress bar on a terminal, plain lines otherwise."""

import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console

from ganx.contracts.label_figures import is_of_labels
from ganx.pages.label_words import label_words
from ganx.remedies import advised
from ganx_cli.remedies import ALARMS
from ganx_cli.screen.bars import Bars
from ganx_cli.screen.pace import Pace

if TYPE_CHECKING:
    from ganx.contracts.events import (
        AlarmRaised,
        CheckpointSaved,
        Evaluated,
        GridDrawn,
        RunStarted,
        StepEnded,
    )

SECONDS_BETWEEN_LINES = 10.0
SECONDS_BETWEEN_FILES = 60.0
"""How often a line tells of a new grid, and of a new checkpoint; the first is always told."""

TRAINING = "training"
ACTIONS = {
    "check": "checking",
    "decode": "decoding",
    "render": "rendering",
    "wait": "waiting for another process",
}


class TrainScreen:
    """Shows preparation and training; passes events on to the plugins' observers."""

    def __init__(
        self,
        observers: Callable[[str, Any], None],
        console: Console | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.console = console or Console(highlight=False)
        self._observers = observers
        self._clock = clock
        self._bars = Bars(self.console)
        self._paces: dict[str, Pace] = {}
        self._told: dict[str, float] = {}
        self._target = 0
        self._last = ""

    def __enter__(self) -> Self:
        """Start to draw."""
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wipe the bars; after a success, their last state stays as a line."""
        self._bars.stop()
        if error is None and self.console.is_terminal and self._last:
            self.say(self._last)

    def say(self, text: str) -> None:
        """Print a line above the bars."""
        self.console.print(text, soft_wrap=True, markup=False)

    def notice(self, text: str) -> None:
        """Print what a person should know about the data."""
        if text:
            # Wrapped between words on a terminal, one line elsewhere.
            wraps = not self.console.is_terminal
            self.console.print(text, soft_wrap=wraps, markup=False, style="yellow")

    def preparing(self, action: str, done: int, total: int) -> None:
        """Show how far decoding or rendering has come."""
        what = ACTIONS.get(action, action)
        if action == "wait":
            self._bars.wait(what)
            self._tell_now_and_then(what, f"{what} that prepares the same images")
        else:
            self._show(what, done, total)
        if done >= total:
            self._bars.clear()
            if self.console.is_terminal:
                self.say(self._last)
            self._last = ""

    def notify(self, hook: str, event: Any) -> None:
        """Show an event, then hand it to the observers."""
        show = getattr(self, f"_{hook.removeprefix('ganx_')}", None)
        if show is not None:
            show(event)
        self._observers(hook, event)

    def _run_started(self, event: "RunStarted") -> None:
        self._target = event.images
        verb = "Continuing" if event.images_seen else "Training"
        self.say(f"{verb} {event.directory} to {event.images:,} images seen")
        pace = self._paces[TRAINING] = Pace(self._clock)
        pace.mark(event.images_seen)
        self._bars.move(TRAINING, event.images_seen, event.images, "first losses soon", "")

    def _step_ended(self, event: "StepEnded") -> None:
        losses = [
            f"{name} {value:.3f}"
            for name, value in event.metrics.items()
            if name != "images_per_second" and not name.startswith("learning_rate.")
        ]
        self._show(TRAINING, min(event.images_seen, self._target), self._target, "  ".join(losses))

    def _grid_drawn(self, event: "GridDrawn") -> None:
        self._tell_now_and_then("grid", f"grid at {event.images_seen:,}: {event.path}")

    def _evaluated(self, event: "Evaluated") -> None:
        best = f"  best so far by {event.best_by.replace('.', ' ')}" if event.best_by else ""
        told = [f"{name} {value:.3f}" for name, value in _leading(event.scores)]
        words = label_words(event.scores)
        scores = "  ".join([*told, f"labels: {words}"] if words else told)
        self.say(f"scores at {event.images_seen:,}: {scores}{best}")

    def _alarm_raised(self, event: "AlarmRaised") -> None:
        wraps = not self.console.is_terminal
        how = ALARMS.get(event.kind, "")
        text = f"{event.kind} at {event.images_seen:,}: {advised(event.text, how)}"
        self.console.print(text, soft_wrap=wraps, markup=False, style="bold red")

    def _checkpoint_saved(self, event: "CheckpointSaved") -> None:
        text = f"checkpoint at {event.images_seen:,}: {event.path}"
        self._tell_now_and_then("checkpoint", text)

    def _show(self, what: str, done: int, total: int, losses: str = "") -> None:
        """Move a bar; without a terminal, print a line at the start, now and then, at the end."""
        pace = self._paces.setdefault(what, Pace(self._clock))
        pace.mark(done)
        figures = pace.tell(done, total)
        # On a terminal the losses get a line of their own, as they have below the bar.
        gap = "\n  " if self.console.is_terminal else "  "
        self._last = f"{what} {figures}{gap}{losses}".rstrip()
        if self.console.is_terminal:
            self._bars.move(what, done, total, figures, losses)
        elif done >= total:
            self.say(self._last)
        else:
            self._tell_now_and_then(what, self._last, SECONDS_BETWEEN_LINES)

    def _tell_now_and_then(
        self, kind: str, text: str, seconds: float = SECONDS_BETWEEN_FILES
    ) -> None:
        """Print a line unless one of its kind was printed a moment ago."""
        now = self._clock()
        if kind not in self._told or now - self._told[kind] >= seconds:
            self._told[kind] = now
            self.say(text)


def _leading(scores: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Yield the first score of each scope; the report has all of them.

    What is measured of labels has words of its own.
    """
    told = set()
    for name, value in scores.items():
        scope = name.partition(".")[0]
        if scope not in told and not is_of_labels(name):
            told.add(scope)
            yield name.replace(".", " "), value
