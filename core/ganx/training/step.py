"""One phase of an update plan, as a function of its inputs.

Shapes: real, fake [B, C, H, W] in [-1, 1]; c_real, c_fake [B, K]; z [B, Z].
"""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from ganx.contracts.networks import Critique, Networks, critique_of, generate, in_float32
from ganx.contracts.plan import Phase
from ganx.contracts.term import Origin, StepBatch
from ganx.device import Execution
from ganx.training.diff_augment import augment
from ganx.training.feed import Kept, PhaseInputs
from ganx.training.loss import LossSum


class PhaseResult(NamedTuple):
    """What came out of one phase, or of one part of its batch."""

    losses: dict[str, Tensor]
    """The weighted scalar losses, named ``part.term``."""

    readings: dict[str, Tensor]
    """Scalars to be logged; no gradients."""

    fake: Tensor
    """The generated images; of D's phases without gradients."""

    kept: tuple[Kept, ...] = ()
    """What is left to the next phase."""


class Stepper:
    """Computes the losses of a phase and lets its owner's parameters collect the gradients."""

    def __init__(self, networks: Networks, loss: LossSum, execution: Execution) -> None:
        self._networks = networks
        self._loss = loss
        self._execution = execution
        self._generator: nn.Module = networks.generator
        self._discriminator: nn.Module = networks.discriminator
        if execution.compile:
            # Compiled copies share the parameters; the eager discriminator stays for penalties,
            # since torch.compile does not support double backward.
            self._generator = _compiled(networks.generator)
            self._discriminator = _compiled(networks.discriminator)

    def evaluate(self, phase: Phase, inputs: PhaseInputs) -> PhaseResult:
        """Compute the losses of a phase, with gradients for its owner."""
        made = self._fake(phase, inputs)
        fake = made.detach() if phase.keep_fake else made
        batch = self._batch(phase, inputs, fake)
        losses = {
            f"{part}.{name}": value
            for part in phase.parts
            for name, value in self._loss.evaluate(part, batch, phase.terms, inputs.weights).items()
        }
        kept = (_kept(made, batch),) if phase.keep_fake else ()
        return PhaseResult(losses, self._readings(phase, batch.critiques), fake, kept)

    def _batch(self, phase: Phase, inputs: PhaseInputs, fake: Tensor) -> StepBatch:
        """Let D judge what the phase needs judged, as DiffAugment changes it."""
        needs = self._loss.needs(phase.parts, phase.terms)
        shown = "real" in needs or "penalty" in phase.parts
        origins = _origins(inputs, fake)
        real = origins["real"].augment(inputs.real) if shown else inputs.real
        known = {}
        if inputs.kept and inputs.kept[0].critique is not None:
            real, known["real"] = inputs.kept[0].real, inputs.kept[0].critique
            origins["real"] = inputs.kept[0].origin
        seen = origins["fake"].augment(fake)
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
            origins=origins,
        )

    def _fake(self, phase: Phase, inputs: PhaseInputs) -> Tensor:
        """Generate the phase's images, with gradients only where the generator learns."""
        if not uses_fake(phase):
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
            let_learn(self._networks, phase.owner)
        return fake

    def _critiques(
        self, phase: Phase, needs: set[str], inputs: PhaseInputs, real: Tensor, fake: Tensor
    ) -> dict[str, Critique]:
        """Let D judge real and generated images, each asked about what it should show."""
        if phase.judge_together and {"real", "fake"} <= needs:
            both = torch.cat((real, fake)), torch.cat((inputs.c_real, inputs.c_fake))
            return _halves(self._critique(*both))
        critiques = {}
        if "real" in needs:
            critiques["real"] = self._critique(real, inputs.c_real)
        if "fake" in needs:
            critiques["fake"] = self._critique(fake, inputs.c_fake)
        return critiques

    def _critique(self, images: Tensor, condition: Tensor) -> Critique:
        """Let D judge under autocast; its logits and auxiliary heads are float32."""
        with self._execution.autocast():
            return in_float32(critique_of(self._discriminator, images, condition))

    def _readings(self, phase: Phase, critiques: Mapping[str, Critique]) -> dict[str, Tensor]:
        """Return mean D(x) and D(G(z)) for the log: probabilities where the loss makes them such.

        D(G(z)) is seen twice in an iteration: in D's phase, so after G's steps of the iteration
        before, and in G's, before it steps.
        """
        learning = "generator" in phase.parts
        names = {"fake": "generator"} if learning else {"real": "real", "fake": "fake"}
        seen = {names[key]: one.score.detach() for key, one in critiques.items() if key in names}
        if not self._loss.score_is_logit:
            return {f"score.{name}": score.mean() for name, score in seen.items()}
        return {f"probability.{name}": score.sigmoid().mean() for name, score in seen.items()}


def _halves(critique: Critique) -> dict[str, Critique]:
    """Part what D said of as many real as generated images."""
    (real, fake), heads = critique.score.chunk(2), critique.aux.items()
    aux = [{name: head.chunk(2)[half] for name, head in heads} for half in range(2)]
    return {"real": Critique(real, aux[0]), "fake": Critique(fake, aux[1])}


def _kept(made: Tensor, batch: StepBatch) -> Kept:
    """Gather what the next phase need not ask for again."""
    critique = batch.critiques.get("real")
    if critique is not None:
        heads = {name: head.detach() for name, head in critique.aux.items()}
        critique = Critique(critique.score.detach(), heads)
    return Kept(made, batch.real, batch.origin("real"), critique)


def _origins(inputs: PhaseInputs, fake: Tensor) -> dict[Literal["real", "fake"], Origin]:
    """Say of real and generated images how DiffAugment changes them."""
    return {
        "real": Origin(inputs.real, _changing(inputs.augment_real)),
        "fake": Origin(fake, _changing(inputs.augment_fake)),
    }


def _changing(numbers: Mapping[str, Tensor]) -> Callable[[Tensor], Tensor]:
    """Change the first so many images by their own random numbers."""

    def change(images: Tensor) -> Tensor:
        own = {policy: rows[: len(images)] for policy, rows in numbers.items()}
        return augment(images, own) if len(images) else images

    return change


def _compiled(module: nn.Module) -> nn.Module:
    """Compile a network, once for each size of batch that the plan shows it."""
    compiled = torch.compile(module, dynamic=False)
    assert isinstance(compiled, nn.Module)
    return compiled


def uses_fake(phase: Phase) -> bool:
    """Tell whether a phase looks at generated images at all."""
    return set(phase.parts) != {"real"}


def let_learn(networks: Networks, owner: str) -> None:
    """Ask for gradients of one owner's parameters and of nobody else's."""
    for network in networks.modules().values():
        network.requires_grad_(False)
    for parameter in networks.parameters(owner):
        parameter.requires_grad_(True)
