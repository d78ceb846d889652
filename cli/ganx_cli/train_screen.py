"""What a person sees of a training: a progress bar on a terminal, plain lines otherwise."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from ganx.dataset import Dataset
    from ganx.events import CheckpointSaved, GridDrawn, RunStarted, StepEnded
    from ganx.rundir import RunDirectory

_SECONDS_BETWEEN_LINES = 10.0


class TrainScreen:
    """Shows preparation and training; passes events on to the plugins' observers."""

    def __init__(self, observers: Callable[[str, Any], None]) -> None:
        self.console = Console(highlight=False)
        self._observers = observers
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            TextColumn("{task.fields[figures]}"),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._target = 0
        self._spoke = 0.0
        self._notices: set[str] = set()

    def __enter__(self) -> Self:
        """Start to draw."""
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop drawing, leaving the last state on the screen."""
        self._bar.stop()

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        self.console.print(text, soft_wrap=True, markup=False)

    def notice(self, text: str) -> None:
        """Print a data set's notice, once."""
        if text and text not in self._notices:
            self._notices.add(text)
            self.console.print(text, soft_wrap=True, markup=False, style="yellow")

    def preparing(self, action: str, done: int, total: int) -> None:
        """Show how far decoding or rendering has come."""
        self._show(action, done, total, "")

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
        self._show("training", event.images_seen, event.images, "")

    def _step_ended(self, event: "StepEnded") -> None:
        losses = {
            name: value
            for name, value in event.metrics.items()
            if name != "images_per_second" and not name.startswith("learning_rate.")
        }
        speed = f"{event.metrics['images_per_second']:.0f} images/s"
        figures = "  ".join([speed, *(f"{name} {value:.3f}" for name, value in losses.items())])
        self._show("training", min(event.images_seen, self._target), self._target, figures)

    def _grid_drawn(self, event: "GridDrawn") -> None:
        self.say(f"{event.images_seen:>9,}  grid {event.path}")

    def _checkpoint_saved(self, event: "CheckpointSaved") -> None:
        self.say(f"{event.images_seen:>9,}  saved {event.path}")

    def _show(self, what: str, done: int, total: int, figures: str) -> None:
        """Move a bar; without a terminal, print a line now and then."""
        if not self.console.is_terminal:
            self._print_line(what, done, total, figures)
            return
        if what not in self._tasks:
            self._tasks[what] = self._bar.add_task(what, total=total, figures="")
        self._bar.update(self._tasks[what], completed=done, total=total, figures=figures)

    def _print_line(self, what: str, done: int, total: int, figures: str) -> None:
        """Print where things stand, at most every few seconds and at the end."""
        now = time.monotonic()
        if done >= total or now - self._spoke >= _SECONDS_BETWEEN_LINES:
            self._spoke = now
            self.say(f"{what} {done:,}/{total:,}  {figures}".rstrip())


def farewell(run: "RunDirectory", dataset: "Dataset", images_seen: int, *, finished: bool) -> None:
    """Say where the run is, what to look at, and the next three commands."""
    console = Console(highlight=False)
    example = dataset.interface.condition.decode(_first_condition(dataset))
    labels = f' --labels "{example}"' if example else ""
    ending = "Done" if finished else "Interrupted, and saved"
    lines = [
        f"{ending} after {images_seen:,} images seen: {run.path}",
        f"Look at {run.grid(images_seen)} (fixed noise); the losses are in {run.metrics}.",
        "Next:",
        f"  ganx sample {run.path}{labels} -n 16 -o grid.png",
        f"  ganx export {run.path} --format onnx",
        f"  ganx train --resume {run.path}" + (f" --images {2 * images_seen}" if finished else ""),
    ]
    for line in lines:
        console.print(line, soft_wrap=True, markup=False)


def _first_condition(dataset: "Dataset") -> Any:
    """Return what a typical prompt asks for, as a vector [K]."""
    for prompts in dataset.prompts.values():
        return dataset.interface.condition.encode(prompts[-1])
    return dataset.conditions[-1]
