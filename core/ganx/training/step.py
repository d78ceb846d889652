"""One phase of an update plan, as a function of its inputs.

Shapes: real, fake [B, C, H, W] in [-1, 1]; c_real, c_fake [B, K]; z [B, Z].
"""

import torch
from torch import Tensor

from ganx.contracts.networks import Critique, Networks, critique_of, generate, in_float32
from ganx.contracts.plan import Phase
from ganx.contracts.term import StepBatch
from ganx.device import Execution
from ganx.training.loss import LossSum
from ganx.training.meter import score_readings
from ganx.training.phase import Kept, PhaseInputs, PhaseResult


class Stepper:
    """Computes the losses of a phase and lets its owner's parameters collect the gradients."""

    def __init__(self, networks: Networks, loss: LossSum, execution: Execution) -> None:
        self._networks = networks
        self._loss = loss
        self._execution = execution
        # The eager D, which shares the parameters, stays for what differentiates twice.
        self._generator = execution.compiled(networks.generator)
        self._discriminator = execution.compiled(networks.discriminator)

    def evaluate(self, phase: Phase, inputs: PhaseInputs) -> PhaseResult:
        """Compute the losses of a phase, with gradients for its owner."""
        made = self._fake(phase, inputs)
        batch = self._batch(phase, inputs, made.detach() if phase.keep_fake else made)
        losses = {
            f"{part}.{name}": value
            for part in phase.parts
            for name, value in self._loss.evaluate(part, batch, phase.terms, inputs.weights).items()
        }
        readings = score_readings(phase, batch.critiques, are_logits=self._loss.score_is_logit)
        readings |= inputs.observed(phase, batch.critiques)
        kept = (Kept.of(made, batch),) if phase.keep_fake else ()
        return PhaseResult(losses, readings, batch.original("fake").images, kept)

    def _fake(self, phase: Phase, inputs: PhaseInputs) -> Tensor:
        """Generate the phase's images, with gradients only where the generator learns."""
        if not phase.uses_fake:
            return inputs.real[:0]
        if inputs.kept:
            return inputs.kept[0].fake
        if inputs.fake is not None and not phase.keep_fake:
            return inputs.fake
        if phase.keep_fake:
            # Recorded for the phase that follows, in which G's parameters learn.
            self._networks.generator.requires_grad_(True)
        learns = phase.keep_fake or "generator" in phase.parts
        with self._execution.autocast(), torch.set_grad_enabled(learns):
            fake = generate(self._generator, inputs.z, inputs.c_fake).float()
        if phase.keep_fake:
            self._networks.let_learn(phase.owner)
        return fake

    def _batch(self, phase: Phase, inputs: PhaseInputs, fake: Tensor) -> StepBatch:
        """Let D see what the phase needs of it, as augmentations change it."""
        needs = self._loss.needs(phase.parts, phase.terms)
        shown = "real" in needs or "penalty" in phase.parts
        originals = inputs.originals(fake)
        real = originals["real"].augment(inputs.real) if shown else inputs.real
        known = {}
        if inputs.kept and inputs.kept[0].critique is not None:
            real, known["real"] = inputs.kept[0].real, inputs.kept[0].critique
            originals["real"] = inputs.kept[0].original
        seen = originals["fake"].augment(fake)
        # One context for all of a phase's passes: a weight is cast once.
        with self._execution.autocast():
            critiques = known | self._critiques(phase, needs - known.keys(), inputs, real, seen)
        return StepBatch(
            real=real,
            c_real=inputs.c_real,
            z=inputs.z,
            c_fake=inputs.c_fake,
            fake=seen,
            generator=self._networks.generator,
            discriminator=self._networks.discriminator,
            critiques=critiques,
            draws=inputs.draws,
            images_seen=inputs.images_seen,
            asking=self._critique,
            piece=inputs.piece,
            originals=originals,
        )

    def _critiques(
        self, phase: Phase, needs: set[str], inputs: PhaseInputs, real: Tensor, fake: Tensor
    ) -> dict[str, Critique]:
        """Let D see real and generated images, each asked about what it should show."""
        if phase.judge_together and {"real", "fake"} <= needs:
            both = torch.cat((real, fake)), torch.cat((inputs.c_real, inputs.c_fake))
            return dict(zip(("real", "fake"), self._critique(*both).halves(), strict=True))
        shown = {"real": (real, inputs.c_real), "fake": (fake, inputs.c_fake)}
        return {name: self._critique(*shown[name]) for name in shown if name in needs}

    def _critique(self, images: Tensor, condition: Tensor) -> Critique:
        """Ask D under autocast; its logits and auxiliary heads are float32."""
        with self._execution.autocast():
            return in_float32(critique_of(self._discriminator, images, condition))
