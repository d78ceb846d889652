"""The entry module: an observer that loads TensorBoard's writer when a run starts."""

import os
from typing import TYPE_CHECKING

from ganx import hookimpl

if TYPE_CHECKING:
    from ganx import AlarmRaised, Evaluated, GridDrawn, RunEnded, RunStarted, StepEnded
    from ganx_tensorboard.journal import Journal

SWITCH = "GANX_TENSORBOARD"
FOLDER = "tensorboard"


class TensorBoardObserver:
    """Passes the events of a run on to its journal, unless the environment says no."""

    def __init__(self) -> None:
        self._journal: Journal | None = None

    @hookimpl
    def ganx_run_started(self, event: "RunStarted") -> None:
        """Open a journal in the run's folder."""
        self._journal = None  # that of a run that ended without saying so
        if not is_wanted():
            return
        from ganx_tensorboard.journal import Journal

        journal = Journal(event.directory.absolute() / FOLDER, event.images)
        journal.start(event.config, event.images_seen)
        self._journal = journal

    @hookimpl
    def ganx_step_ended(self, event: "StepEnded") -> None:
        """Note losses, D's probabilities, learning rates and speed."""
        if self._journal:
            self._journal.note_figures(event.metrics, event.images_seen)

    @hookimpl
    def ganx_evaluated(self, event: "Evaluated") -> None:
        """Note scores."""
        if self._journal:
            self._journal.note_figures(event.scores, event.images_seen)

    @hookimpl
    def ganx_grid_drawn(self, event: "GridDrawn") -> None:
        """Note a grid of samples."""
        if self._journal:
            self._journal.note_grid(event.path, event.images_seen)

    @hookimpl
    def ganx_alarm_raised(self, event: "AlarmRaised") -> None:
        """Note an alarm as text."""
        if self._journal:
            self._journal.note_alarm(event.kind, event.text, event.images_seen)

    @hookimpl
    def ganx_run_ended(self, event: "RunEnded") -> None:
        """Note that the run is complete; one that was interrupted may go on."""
        if self._journal and event.outcome == "finished":
            self._journal.finish(event.images_seen)
        self._journal = None


def is_wanted() -> bool:
    """Tell whether runs are logged: always, unless ``GANX_TENSORBOARD`` is 0, no, off or false."""
    return os.environ.get(SWITCH, "").strip().lower() not in {"0", "no", "off", "false"}


observer = TensorBoardObserver()
