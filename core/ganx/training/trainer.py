"""The training loop.

Shapes: real, fake [B, C, H, W] in [-1, 1]; c [B, K]; z [B, Z].
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import torch
from torch import Tensor

from ganx.contracts.events import CheckpointSaved, GridDrawn, Outcome, RunEnded, RunStarted
from ganx.contracts.plan import Phase
from ganx.contracts.term import Moment
from ganx.data.images import ImageStore
from ganx.device import Execution, matmul_policy
from ganx.errors import ConfigError
from ganx.randomness import keyed_rng
from ganx.runs.directory import RunDirectory
from ganx.sessions.scores import Scoring
from ganx.training.ema import Ema
from ganx.training.feed import Feed, Kept, PhaseInputs
from ganx.training.iteration import iteration_at
from ganx.training.log import Journal, Notify, Reading
from ganx.training.resume import Snapshots
from ganx.training.scaling import Scaling
from ganx.training.setup import Setup
from ganx.training.step import PhaseResult, Stepper, let_learn, uses_fake


class Trainer:
    """Carries out an update plan until a number of images was seen."""

    def __init__(
        self,
        setup: Setup,
        store: ImageStore,
        execution: Execution,
        run: RunDirectory,
        notify: Notify,
        scoring: Scoring | None = None,
    ) -> None:
        self.setup = setup
        self.run = run
        self.execution = execution
        self.settings = setup.config.train
        self.networks = setup.networks
        seasoned = bool(setup.config.train.init_from)
        self.ema = Ema(setup.networks.generator, setup.config.ema, seasoned=seasoned)
        self.scaling = Scaling(execution, (*setup.networks.modules().values(), setup.loss))
        self.feed = Feed(setup, store, execution)
        self.images_seen = 0
        self.iteration = 0
        self._stepper = Stepper(setup.networks, setup.loss, execution)
        self.journal = Journal(run, notify, setup.optimizers, alarms=setup.config.evaluate.alarms)
        self._snapshots = Snapshots(setup, execution)
        self._notify = notify
        self._scoring = scoring
        self._save_clock = time.monotonic()
        self._scored_at = -1

    def train(self, should_stop: Callable[[], bool] = lambda: False) -> Outcome:
        """Train until ``settings.images`` were seen or a stop is asked for; then save.

        Raises ``TrainingError`` when a loss is no longer finite, in float16 for many iterations,
        and ``ConfigError`` when all its weights have become 0, with what was learned until then
        saved.
        """
        self._announce_start()
        outcome: Outcome = "failed"
        try:
            self._loop(should_stop)
        except ConfigError:
            self.save()
            raise
        else:
            outcome = "finished" if self.images_seen >= self.settings.images else "interrupted"
        finally:
            self._notify("ganx_run_ended", RunEnded(self.run.path, self.images_seen, outcome))
        return outcome

    def _loop(self, should_stop: Callable[[], bool]) -> None:
        """Iterate, and look after logs, grids, scores and checkpoints between iterations."""
        settings = self.settings
        self._save_clock = time.monotonic()
        self.journal.begin(self.images_seen)
        one_pass = len(self.setup.training_range)
        grid_every = settings.grid_every or one_pass
        score_every = self.setup.config.evaluate.every or one_pass
        while self.images_seen < settings.images and not should_stop():
            before = self.images_seen
            self.iterate()
            if self.iteration % settings.log_every == 0:
                self._log()
            if self.images_seen // grid_every > before // grid_every:
                self._draw_grid()
            if self.images_seen // score_every > before // score_every:
                self._score()
            if time.monotonic() - self._save_clock > settings.checkpoint_minutes * 60:
                self.save()
        if not self.run.grid(self.images_seen).exists():
            self._draw_grid()
        if self.images_seen >= settings.images and self._scored_at != self.images_seen:
            self._score()
        self.save()

    def iterate(self) -> None:
        """Carry out the plan once, as far as some term of the loss counts at this moment."""
        with matmul_policy(self.execution, try_kernels=True):
            self._iterate()

    def _iterate(self) -> None:
        """Carry out the plan under the run's policy."""
        start = self.images_seen
        figures: dict[str, list[Tensor]] = defaultdict(list)
        fake: Tensor | None = None
        kept: tuple[Kept, ...] = ()
        phases, weights = iteration_at(self.setup.plan, self.setup.loss, self._moment)
        for index, planned in phases:
            rng = keyed_rng(self.settings.seed, start, f"phase {index}")
            phase, kept = _taking_over(planned, kept)
            inputs = self.feed.inputs(phase, self.images_seen, rng)
            if phase.fresh_real:
                self.images_seen += self.settings.batch_size
            if phase.fresh_real or phase.fresh_latent or phase.owner == "generator":
                fake = None  # else G, unchanged, would only make the same images again
            inputs = replace(inputs, fake=fake, kept=kept, images_seen=start, weights=weights)
            taken = self._take(phase, inputs)
            kept = taken.kept
            if uses_fake(phase):
                fake = taken.fake
            if phase.owner == "generator":
                fake = None
            for name, figure in (taken.losses | taken.readings).items():
                figures[name].append(figure)
        self.iteration += 1
        self.ema.update(self.images_seen, self.images_seen - start)
        means = {name: torch.stack(values).mean() for name, values in figures.items()}
        self.journal.add(means, self.images_seen, self.iteration)

    @property
    def _moment(self) -> Moment:
        """When the next iteration takes place."""
        return Moment(self.images_seen, self.iteration)

    def _take(self, phase: Phase, inputs: PhaseInputs) -> PhaseResult:
        """Take one optimizer step, over the batch in as many parts as are configured."""
        optimizer = self.setup.optimizers[phase.owner]
        let_learn(self.networks, phase.owner)
        optimizer.set_learning_rate(self.images_seen)
        optimizer.optimizer.zero_grad(set_to_none=True)
        self.scaling.begin()
        parts = [self._backward(phase, part) for part in inputs.split(self.settings.accumulate)]
        losses = _means(part.losses for part in parts)
        readings = _means(part.readings for part in parts)
        figures = (*losses.values(), *readings.values())
        skipped = self.scaling.step(optimizer.optimizer, figures)
        return PhaseResult(
            losses=losses,
            readings=readings | skipped,
            fake=torch.cat([part.fake for part in parts]),
            kept=tuple(kept for part in parts for kept in part.kept),
        )

    def _backward(self, phase: Phase, inputs: PhaseInputs) -> PhaseResult:
        """Collect the gradients of one part of the batch."""
        losses, readings, fake, kept = self._stepper.evaluate(phase, inputs)
        total = torch.stack(list(losses.values())).sum() / self.settings.accumulate
        if total.requires_grad:  # a penalty on a share of the batch may leave a piece out
            torch.autograd.backward(self.scaling.scaled(total))
        detached = {name: loss.detach() for name, loss in losses.items()}
        return PhaseResult(detached, readings, fake.detach(), kept)

    def save(self) -> None:
        """Save a checkpoint; one with losses that are not finite is never written."""
        self._log()
        self._snapshots.refresh(self.ema)
        path = self._snapshots.save(self)
        self._save_clock = time.monotonic()
        self._notify("ganx_checkpoint_saved", CheckpointSaved(self.images_seen, path))

    def read(self) -> Reading:
        """Return what was gathered since the last reading, as ``Journal.read``."""
        return self.journal.read(self.images_seen)

    def _log(self) -> None:
        """Write down the losses since the last reading."""
        self.journal.log(self.images_seen, self.iteration)

    def _draw_grid(self) -> None:
        """Draw the run's fixed noise and conditions with the averaged weights."""
        self._snapshots.refresh(self.ema)
        path = self._snapshots.draw_grid(self.ema.generator, self.run.grid(self.images_seen))
        self._notify("ganx_grid_drawn", GridDrawn(self.images_seen, path))

    def _score(self) -> None:
        """Score the averaged generator; the best one so far is kept as a checkpoint."""
        if self._scoring is None or not self._scoring.evaluators:
            return
        self._log()
        self._snapshots.refresh(self.ema)
        figures = self._scoring.score(self.ema.generator)
        self._scored_at = self.images_seen
        best = self._scoring.improves(figures, self.images_seen)
        scores = {name: figure.mean for name, figure in figures.items()}
        best_by = best.metric if best else ""
        self.journal.score(self.images_seen, self.iteration, scores, best_by)
        if best is not None:
            # Named first: a kill before it is saved makes this moment come, and be saved, again.
            self.run.write_best(best)
            self.save()
            self._scoring.best = best

    def _announce_start(self) -> None:
        """Tell observers where the run is and how far it goes."""
        settings = self.setup.config.to_settings()
        event = RunStarted(self.run.path, settings, self.images_seen, self.settings.images)
        self._notify("ganx_run_started", event)


def _taking_over(phase: Phase, kept: tuple[Kept, ...]) -> tuple[Phase, tuple[Kept, ...]]:
    """Let a phase that reuses images keep their latent; where none are left, it makes its own."""
    if not phase.reuse_fake or phase.fresh_real or not kept:
        return phase, ()
    return replace(phase, fresh_latent=False), kept


def _means(parts: Iterable[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Average scalars over equal parts of a batch."""
    listed = list(parts)
    return {name: torch.stack([part[name] for part in listed]).mean() for name in listed[0]}
