"""The training loop.

Shapes: real, fake [B, C, H, W] in [-1, 1]; c [B, K]; z [B, Z].
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from ganx.contracts.events import Outcome, RunEnded, RunStarted
from ganx.contracts.plan import Phase
from ganx.data.images import ImageStore
from ganx.device import Execution, matmul_policy
from ganx.errors import ConfigError
from ganx.randomness import keyed_rng
from ganx.runs.directory import RunDirectory
from ganx.training.feed import Feed
from ganx.training.iteration import iteration_at
from ganx.training.label_learning import LabelLearning
from ganx.training.log import Notify
from ganx.training.phase import Kept, PhaseInputs, PhaseResult, taking_over
from ganx.training.resume import RunState
from ganx.training.setup import Setup
from ganx.training.step import Stepper
from ganx.training.upkeep import Scorer, Upkeep


class Trainer:
    """Carries out an update plan until a number of images was seen."""

    def __init__(
        self,
        setup: Setup,
        store: ImageStore,
        execution: Execution,
        run: RunDirectory,
        notify: Notify,
        scorer: Scorer | None = None,
    ) -> None:
        self.setup = setup
        self.run = run
        self.execution = execution
        self.settings = setup.config.train
        self.networks = setup.networks
        self.state = RunState.fresh(setup, execution)
        labels = LabelLearning.of(setup, store, execution)
        self.upkeep = Upkeep(self.state, execution, run, notify, scorer, labels)
        self._feed = Feed(setup, store, self.state.order, execution.device)
        self._stepper = Stepper(setup.networks, setup.loss, execution)
        self._notify = notify

    @property
    def images_seen(self) -> int:
        """Real images that D's phases consumed."""
        return self.state.images_seen

    def train(self, should_stop: Callable[[], bool] = lambda: False) -> Outcome:
        """Train until ``settings.images`` were seen or a stop is asked for; then save.

        Raises ``TrainingError`` when a loss is no longer finite, in float16 for many iterations,
        and ``ConfigError`` when all its weights have become 0, with what was learned until then
        saved.
        """
        length, settings = self.settings.images, self.setup.config.to_settings()
        event = RunStarted(self.run.path, settings, self.images_seen, length)
        self._notify("ganx_run_started", event)
        outcome: Outcome = "failed"
        try:
            self.upkeep.begin()
            while self.images_seen < length and not should_stop():
                before = self.images_seen
                self.iterate()
                self.upkeep.look_after(before)
            self.upkeep.finish()
        except ConfigError:
            self.upkeep.save()
            raise
        else:
            outcome = "finished" if self.images_seen >= length else "interrupted"
        finally:
            self._notify("ganx_run_ended", RunEnded(self.run.path, self.images_seen, outcome))
        return outcome

    def iterate(self) -> None:
        """Carry out the plan once, as far as some term of the loss counts at this moment."""
        with matmul_policy(self.execution, try_kernels=True):
            self._iterate()

    def _iterate(self) -> None:
        """Carry out the plan under the run's policy."""
        state, start = self.state, self.images_seen
        metrics: dict[str, list[Tensor]] = defaultdict(list)
        fake: Tensor | None = None
        kept: tuple[Kept, ...] = ()
        phases, weights = iteration_at(self.setup.plan, self.setup.loss, state.moment)
        for index, planned in phases:
            rng = keyed_rng(self.settings.seed, start, f"phase {index}")
            phase, kept = taking_over(planned, kept)
            inputs = self._feed.inputs(phase, state.images_seen, rng)
            if phase.fresh_real:
                state.images_seen += self.settings.batch_size
            if phase.fresh_real or phase.fresh_latent or phase.owner == "generator":
                fake = None  # else G, unchanged, would only make the same images again
            inputs = replace(inputs, fake=fake, kept=kept, images_seen=start, weights=weights)
            taken = self._take(phase, inputs)
            kept = taken.kept
            if phase.uses_fake:
                fake = taken.fake
            if phase.owner == "generator":
                fake = None
            for name, metric in (taken.losses | taken.readings).items():
                metrics[name].append(metric)
        state.advance(start)
        self.upkeep.add({name: torch.stack(values).mean() for name, values in metrics.items()})

    def _take(self, phase: Phase, inputs: PhaseInputs) -> PhaseResult:
        """Take one optimizer step, over the batch in as many parts as are configured."""
        optimizer, scaling = self.setup.optimizers[phase.owner], self.state.scaling
        self.networks.let_learn(phase.owner)
        optimizer.set_learning_rate(self.images_seen)
        optimizer.optimizer.zero_grad(set_to_none=True)
        scaling.begin()
        parts = [self._backward(phase, part) for part in inputs.split(self.settings.accumulate)]
        taken = PhaseResult.joined(parts)
        metrics = (*taken.losses.values(), *taken.readings.values())
        skipped = scaling.step(optimizer.optimizer, metrics)
        return taken._replace(readings=taken.readings | skipped)

    def _backward(self, phase: Phase, inputs: PhaseInputs) -> PhaseResult:
        """Collect the gradients of one part of the batch."""
        losses, readings, fake, kept = self._stepper.evaluate(phase, inputs)
        total = torch.stack(list(losses.values())).sum() / self.settings.accumulate
        if total.requires_grad:  # a penalty on a share of the batch may leave a piece out
            torch.autograd.backward(self.state.scaling.scaled(total))
        detached = {name: loss.detach() for name, loss in losses.items()}
        return PhaseResult(detached, readings, fake.detach(), kept)
