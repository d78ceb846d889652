"""One phase of an update plan, as a function of its inputs.

Shapes: real, fake [B, C, H, W] in [-1, 1]; c_real, c_fake [B, K]; z [B, Z].
"""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganx.losses.term import StepBatch, critique_of, generate
from ganx.losses.total import LossSum
from ganx.networks import Critique, Networks
from ganx.plan import Phase
from ganx.precision import Execution


@dataclass(frozen=True)
class PhaseInputs:
    """What was drawn for one phase, or for one part of its batch."""

    real: Tensor
    c_real: Tensor
    z: Tensor
    c_fake: Tensor
    draws: Mapping[str, Tensor]
    """What the loss terms asked for at random; every tensor [B, ...]."""

    def split(self, parts: int) -> "list[PhaseInputs]":
        """Cut the batch into equal parts, for gradient accumulation."""
        draws = {name: draw.chunk(parts) for name, draw in self.draws.items()}
        return [
            PhaseInputs(real, c_real, z, c_fake, {name: draw[i] for name, draw in draws.items()})
            for i, (real, c_real, z, c_fake) in enumerate(
                zip(
                    self.real.chunk(parts),
                    self.c_real.chunk(parts),
                    self.z.chunk(parts),
                    self.c_fake.chunk(parts),
                    strict=True,
                )
            )
        ]


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

    def losses(self, phase: Phase, inputs: PhaseInputs) -> dict[str, Tensor]:
        """Return the weighted scalar losses of a phase, named ``part.term``."""
        needs = self._loss.needs(phase.parts, phase.terms)
        with self._execution.autocast():
            fake = self._fake(phase, inputs)
            critiques = self._critiques(needs, inputs, fake)
        batch = StepBatch(
            real=inputs.real,
            c_real=inputs.c_real,
            z=inputs.z,
            c_fake=inputs.c_fake,
            fake=fake,
            generator=self._networks.generator,
            discriminator=self._networks.discriminator,
            critiques=critiques,
            draws=inputs.draws,
        )
        return {
            f"{part}.{name}": value
            for part in phase.parts
            for name, value in self._loss.evaluate(part, batch, phase.terms).items()
        }

    def _fake(self, phase: Phase, inputs: PhaseInputs) -> Tensor:
        """Generate the phase's images, with gradients only where the generator learns."""
        if not uses_fake(phase):
            return inputs.real[:0]
        learning = "generator" in phase.parts
        with nullcontext() if learning else torch.no_grad():
            return generate(self._generator, inputs.z, inputs.c_fake).float()

    def _critiques(self, needs: set[str], inputs: PhaseInputs, fake: Tensor) -> dict[str, Critique]:
        """Let D judge what the phase needs judged."""
        critiques = {}
        if "real" in needs:
            critiques["real"] = self._critique(inputs.real, inputs.c_real)
        if "fake" in needs:
            critiques["fake"] = self._critique(fake, inputs.c_fake)
        return critiques

    def _critique(self, images: Tensor, condition: Tensor) -> Critique:
        """Return D's logits and auxiliary heads in float32, whatever autocast made them."""
        score, aux = critique_of(self._discriminator, images, condition)
        return Critique(score.float(), {name: head.float() for name, head in aux.items()})


def _compiled(module: nn.Module) -> nn.Module:
    """Compile a network for the one batch shape of a run."""
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
