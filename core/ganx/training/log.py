"""What a run writes down while it trains, and tells its observers: losses, scores and alarms."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from torch import Tensor

from ganx.contracts.events import AlarmRaised, Evaluated, StepEnded
from ganx.contracts.results import Figure
from ganx.errors import RunError, TrainingError
from ganx.remedies import Remedy
from ganx.runs.directory import RunDirectory
from ganx.runs.metrics import read_metrics
from ganx.training.alarms import Alarms, Collapse
from ganx.training.meter import Meter, Reading
from ganx.training.optimizers import ScheduledOptimizer

_CALMER = Remedy(
    "train-more-calmly",
    "Lower the learning rates (optimizer.discriminator.learning_rate), train with train.precision "
    "float32, or choose a loss with a gradient penalty ('wasserstein + 10*gradient-penalty').",
)
"""What helps where a loss is no longer finite."""

Notify = Callable[[str, Any], None]
"""Called with the name of an observer hook and its event."""


class Journal:
    """Gathers figures on the device, and writes them to the run when they are asked for."""

    def __init__(
        self,
        run: RunDirectory,
        notify: Notify,
        optimizers: Mapping[str, ScheduledOptimizer],
        *,
        alarms: bool,
        collapse: Iterable[Collapse] = (),
    ) -> None:
        self._run = run
        self._notify = notify
        self._optimizers = optimizers
        self._alarms = Alarms(collapse) if alarms else None
        self._meter = Meter()
        self._clock = time.monotonic()
        self._from = 0

    def begin(self, images_seen: int) -> None:
        """Measure the speed from here on."""
        self._clock, self._from = time.monotonic(), images_seen

    def add(self, figures: Mapping[str, Tensor], images_seen: int, iteration: int) -> None:
        """Take the figures of an iteration, which stay on the device."""
        self._meter.add(figures, images_seen, iteration)

    def read(self, images_seen: int) -> Reading:
        """Wait for the device and return what was gathered since the last reading.

        Raises ``TrainingError`` when a figure was not finite; the iterations before are recorded.
        """
        reading = self._meter.read()
        bad = reading.bad_iteration
        if bad is not None:
            self._run.append_metrics(row for row in reading.rows if row["iteration"] < bad)
            raise TrainingError(
                self._explain(bad, str(reading.bad_name), images_seen), remedy=_CALMER
            )
        return reading

    def log(self, images_seen: int, iteration: int) -> None:
        """Record each iteration since the last reading; the last one with speed and rates."""
        reading = self.read(images_seen)
        if not reading.rows:
            return
        rates = self._rates(images_seen)
        self._run.append_metrics([*reading.rows[:-1], {**reading.rows[-1], **rates}])
        event = StepEnded(images_seen, iteration, {**reading.means, **rates})
        self._notify("ganx_step_ended", event)
        if self._alarms:
            self._raise(self._alarms.stepped(images_seen, iteration, reading.means))

    def score(
        self, images_seen: int, iteration: int, figures: Mapping[str, Figure], best_by: str
    ) -> None:
        """Record the figures of an evaluation by ``scope.figure``; its time is not the speed's.

        ``best_by`` names the score that is the best so far, if one is.
        """
        scores = {name: figure.mean for name, figure in figures.items()}
        row: dict[str, Any] = {"images_seen": images_seen, "iteration": iteration, **scores}
        against = {name: figure.against for name, figure in figures.items() if figure.against}
        self._run.append_metrics([row | ({"against": against} if against else {})])
        self._notify("ganx_evaluated", Evaluated(images_seen, scores, best_by))
        if self._alarms:
            self._raise(self._alarms.evaluated(images_seen, scores))
        self.begin(images_seen)

    def remember(self) -> None:
        """Let the alarms live through what the run has recorded, so that none is raised again."""
        metrics = self._run.metrics
        if self._alarms and metrics.is_file() and metrics.stat().st_size:
            self._alarms.replay(read_metrics(metrics))

    def _raise(self, alarms: Iterable[AlarmRaised]) -> None:
        for alarm in alarms:
            self._run.append_alarm(alarm)
            self._notify("ganx_alarm_raised", alarm)

    def _rates(self, images_seen: int) -> Mapping[str, float]:
        """Measure the speed since the last reading, and tell the learning rates."""
        now = time.monotonic()
        speed = (images_seen - self._from) / max(now - self._clock, 1e-9)
        self.begin(images_seen)
        rates = {
            f"learning_rate.{owner}": optimizer.optimizer.param_groups[0]["lr"]
            for owner, optimizer in self._optimizers.items()
        }
        return {"images_per_second": speed, **rates}

    def _explain(self, iteration: int, name: str, images_seen: int) -> str:
        """Say when and where training broke, and what is left."""
        try:
            rescue = f"The last good checkpoint is {self._run.newest_checkpoint()}."
        except RunError:
            rescue = "There was no checkpoint yet."
        return (
            f"The loss {name!r} was no longer finite at iteration {iteration} "
            f"({images_seen} images seen). {rescue}"
        )
