"""What a run writes down while it trains, and tells its observers: losses, scores and alarms."""

import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ganx.contracts.events import AlarmRaised, Evaluated, StepEnded
from ganx.contracts.networks import Critique
from ganx.contracts.plan import Phase
from ganx.contracts.results import Figure
from ganx.errors import RunError, TrainingError
from ganx.runs.directory import RunDirectory
from ganx.runs.metrics import read_metrics
from ganx.training.alarms import Alarms, Collapse
from ganx.training.optimizers import ScheduledOptimizer

SKIPPED = "skipped_steps"
"""The figure of an iteration in float16 that tells which share of its steps were skipped."""


PATIENCE = 20
"""So many iterations on end may overflow in float16."""


@dataclass(frozen=True)
class Reading:
    """What was gathered since the last reading."""

    rows: list[dict[str, Any]]
    """One for each iteration: ``images_seen``, ``iteration``, and the figures by name."""

    means: dict[str, float]
    """The mean of each figure over the rows that have it."""

    bad_iteration: int | None
    """The first iteration with a figure that was not finite, and whose steps were not skipped."""
    bad_name: str | None


class Meter:
    """Scalars by name, for each iteration since the last reading."""

    def __init__(self) -> None:
        self._moments: list[dict[str, int]] = []
        self._names: list[list[str]] = []
        self._values: list[Tensor] = []
        self._overflows = 0
        """Iterations on end until now that had a figure that was not finite."""

    def add(self, figures: Mapping[str, Tensor], images_seen: int, iteration: int) -> None:
        """Add one iteration's scalars; does not wait. Other iterations may have others."""
        self._moments.append({"images_seen": images_seen, "iteration": iteration})
        self._names.append(list(figures))
        self._values.append(torch.stack([figure.detach().float() for figure in figures.values()]))

    def read(self) -> Reading:
        """Wait for the device, return what was gathered, and start anew."""
        if not self._values:
            return Reading([], {}, None, None)
        # One transfer for all iterations, whatever they have.
        values = iter(torch.cat(self._values).tolist())
        figures = [{name: next(values) for name in names} for names in self._names]
        rows = [moment | row for moment, row in zip(self._moments, figures, strict=True)]
        self._moments, self._names, self._values = [], [], []
        bad_iteration, bad_name = self._first_bad(rows)
        return Reading(
            [_finite(row) for row in rows],
            _means([_finite(row) for row in figures]),
            bad_iteration,
            bad_name,
        )

    def _first_bad(self, rows: list[dict[str, Any]]) -> tuple[int | None, str | None]:
        """Find the first figure that is not finite, and whose step was not skipped for it.

        Where all iterations overflow, skipping does not help: then it is the last of so many.
        """
        for row in rows:
            bad = next((name for name, value in row.items() if not math.isfinite(value)), None)
            self._overflows = self._overflows + 1 if bad else 0
            if bad and (not row.get(SKIPPED) or self._overflows >= PATIENCE):
                return row["iteration"], bad
        return None, None


def _means(rows: list[dict[str, float]]) -> dict[str, float]:
    """Average each figure over the rows that have it; names in the order of appearance."""
    columns: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return {name: sum(column) / len(column) for name, column in columns.items()}


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out what an iteration that overflowed could not compute."""
    return {name: value for name, value in row.items() if math.isfinite(value)}


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
            raise TrainingError(self._explain(bad, str(reading.bad_name), images_seen))
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
        """Record the figures of an evaluation by ``subject.figure``; its time is not the speed's.

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
        """Say when and where training broke, and what to do."""
        try:
            rescue = f"The last good checkpoint is {self._run.newest_checkpoint()}."
        except RunError:
            rescue = "There was no checkpoint yet."
        return (
            f"The loss {name!r} was no longer finite at iteration {iteration} "
            f"({images_seen} images seen). {rescue} Lower the learning rates "
            "(--set optimizer.discriminator.learning_rate=...), train in --precision float32, or "
            "choose a loss with a gradient penalty (--loss 'wasserstein + 10*gradient-penalty')."
        )


def score_readings(
    phase: Phase, critiques: Mapping[str, Critique], *, are_logits: bool
) -> dict[str, Tensor]:
    """Return mean D(x) and D(G(z)) of a phase: probabilities where the loss makes them such.

    D(G(z)) is seen twice in an iteration: in D's phase, so after G's steps of the iteration
    before, and in G's, before it steps.
    """
    learning = "generator" in phase.parts
    names = {"fake": "generator"} if learning else {"real": "real", "fake": "fake"}
    seen = {names[key]: one.score.detach() for key, one in critiques.items() if key in names}
    if not are_logits:
        return {f"score.{name}": score.mean() for name, score in seen.items()}
    return {f"probability.{name}": score.sigmoid().mean() for name, score in seen.items()}
