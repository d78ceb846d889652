"""What happens between iterations, each thing when it is due: log, grid, score, checkpoint."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from torch import Tensor, nn

from ganx.contracts.events import CheckpointSaved, GridDrawn
from ganx.contracts.results import Figure
from ganx.device import Execution
from ganx.runs.directory import Best, RunDirectory
from ganx.training.ema import FixedPasses
from ganx.training.grid import SampleGrid
from ganx.training.label_learning import LabelLearning
from ganx.training.log import Journal, Notify
from ganx.training.meter import Reading
from ganx.training.resume import RunState, save


class Score(NamedTuple):
    """What a generator is worth."""

    figures: Mapping[str, Figure]
    """By name, such as ``validation.top-k``."""

    best: Best | None
    """This moment, if it is the best so far."""


class Scorer(Protocol):
    """Whoever scores the averaged generator; the loop knows neither judges nor evaluators."""

    @property
    def is_idle(self) -> bool:
        """Whether there is nobody to score."""

    @property
    def collapse(self) -> Sequence[Mapping[str, float]]:
        """What evaluators call a collapse: ``EvaluatorSpec.collapse``."""

    def score(self, generator: nn.Module, images_seen: int) -> Score:
        """Score a generator in eval mode, without a change to it or to any random state."""

    def keep(self, best: Best) -> None:
        """Take it that the checkpoint of the best moment was saved."""


class Upkeep:
    """Looks after what a run shows and keeps."""

    def __init__(
        self,
        state: RunState,
        execution: Execution,
        run: RunDirectory,
        notify: Notify,
        scorer: Scorer | None,
        labels: LabelLearning | None = None,
    ) -> None:
        config = state.setup.config
        self.journal = Journal(
            run,
            notify,
            state.setup.optimizers,
            alarms=config.evaluate.alarms,
            collapse=scorer.collapse if scorer else (),
        )
        self._state = state
        self._settings = config.train
        self._run = run
        self._device = execution.device
        self._notify = notify
        self._scorer = scorer
        self._labels = labels
        self._passes = FixedPasses(state.setup, execution)
        self._grid = SampleGrid(state.setup, execution.device)
        self._save_clock = time.monotonic()
        self._scored_at = -1
        one_pass = len(state.setup.training_range)
        self._due: tuple[tuple[Callable[[], None], Callable[[int], bool]], ...] = (
            (self.log, lambda _: state.iteration % self._settings.log_every == 0),
            (self.draw_grid, self._each(self._settings.grid_every or one_pass)),
            (self.score, self._each(config.evaluate.every or one_pass)),
            (self.save, lambda _: self._is_time_to_save()),
        )

    def begin(self) -> None:
        """Start the clocks."""
        self._save_clock = time.monotonic()
        self.journal.begin(self._state.images_seen)

    def look_after(self, before: int) -> None:
        """Do what became due since there were ``before`` images seen."""
        for act, is_due in self._due:
            if is_due(before):
                act()

    def finish(self) -> None:
        """Draw the last grid, score what is finished, and save."""
        seen = self._state.images_seen
        if not self._run.grid(seen).exists():
            self.draw_grid()
        if seen >= self._settings.images and self._scored_at != seen:
            self.score()
        self.save()

    def add(self, figures: Mapping[str, Tensor]) -> None:
        """Take the figures of an iteration, which stay on the device."""
        self.journal.add(figures, self._state.images_seen, self._state.iteration)

    def read(self) -> Reading:
        """Return what was gathered since the last reading, as ``Journal.read``."""
        return self.journal.read(self._state.images_seen)

    def log(self) -> None:
        """Write down the losses since the last reading."""
        self.journal.log(self._state.images_seen, self._state.iteration)

    def draw_grid(self) -> None:
        """Draw the run's fixed noise and conditions with the averaged weights."""
        state = self._state
        self._passes.refresh(state.ema)
        path = self._grid.draw(state.ema.generator, self._run.grid(state.images_seen))
        self._notify("ganx_grid_drawn", GridDrawn(state.images_seen, path))

    def score(self) -> None:
        """Score the averaged generator, and measure what the raw networks make of labels.

        The best one so far is kept as a checkpoint.
        """
        scorer = None if self._scorer is None or self._scorer.is_idle else self._scorer
        if scorer is None and self._labels is None:
            return
        state = self._state
        self.log()
        figures, best = self._scored(scorer) if scorer else Score({}, None)
        labels = self._labels.figures(state.moment) if self._labels else {}
        self._scored_at = state.images_seen
        best_by = best.metric if best else ""
        if scorer or labels:
            found = {**figures, **labels}
            self.journal.score(state.images_seen, state.iteration, found, best_by)
        if scorer and best is not None:
            # Named first: a kill before it is saved makes this moment come, and be saved, again.
            self._run.write_best(best)
            self.save()
            scorer.keep(best)

    def _scored(self, scorer: Scorer) -> Score:
        """Show the averaged generator of this moment to whoever scores."""
        ema = self._state.ema
        self._passes.refresh(ema)
        return scorer.score(ema.generator, self._state.images_seen)

    def save(self) -> None:
        """Save a checkpoint; one with losses that are not finite is never written."""
        self.log()
        self._passes.refresh(self._state.ema)
        path = save(self._state, self._run, self._device)
        self._save_clock = time.monotonic()
        self._notify("ganx_checkpoint_saved", CheckpointSaved(self._state.images_seen, path))

    def _each(self, images: int) -> Callable[[int], bool]:
        """Be due whenever so many more images were seen."""
        return lambda before: self._state.images_seen // images > before // images

    def _is_time_to_save(self) -> bool:
        return time.monotonic() - self._save_clock > self._settings.checkpoint_minutes * 60
