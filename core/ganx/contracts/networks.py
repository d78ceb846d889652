"""What a model builds: generator, discriminator, latent, and who owns which parameters.

Shapes: z [B, Z], c [B, K], images [B, C, H, W] in [-1, 1], score [B].
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent


class Critique(NamedTuple):
    """What a discriminator says of a batch of images."""

    score: Tensor
    """[B], a logit: the larger, the more real. No sigmoid: the loss has it."""

    aux: dict[str, Tensor]
    """Auxiliary heads by name, such as class logits [B, K]."""

    def detached(self) -> "Critique":
        """Return the same without gradients."""
        return Critique(
            self.score.detach(), {name: head.detach() for name, head in self.aux.items()}
        )

    def halves(self) -> "tuple[Critique, Critique]":
        """Part what was said of two batches of one size, [2·B], into what was said of each."""
        scores = self.score.chunk(2)
        first, second = (
            {k: head.chunk(2)[half] for k, head in self.aux.items()} for half in (0, 1)
        )
        return Critique(scores[0], first), Critique(scores[1], second)


@dataclass(frozen=True)
class Networks:
    """A generator ``G(z, c) -> images``, a discriminator ``D(images, c) -> Critique``, a latent.

    For the condition of kind none they are called as ``G(z)`` and ``D(images)``.
    """

    generator: nn.Module
    discriminator: nn.Module
    latent: Latent
    owners: Mapping[str, tuple[nn.Module, ...]] = field(default_factory=dict)
    """Which modules' parameters each optimizer owns, where it is not simply one network each."""

    most_labels: int = 0
    """How many labels G can show at once, where it has no room for all of them; 0: all."""

    held: tuple[nn.Module, ...] = ()
    """Modules that never learn, although an optimizer owns them: the engine's, by a run's setting
    ``train.freeze``."""

    def __post_init__(self) -> None:
        """Give each network its own optimizer unless the model says otherwise."""
        if not self.owners:
            owners = {"generator": (self.generator,), "discriminator": (self.discriminator,)}
            object.__setattr__(self, "owners", owners)

    def parameters(self, owner: str) -> Iterator[nn.Parameter]:
        """Yield the parameters that one optimizer moves."""
        for module in self.owners[owner]:
            yield from module.parameters()

    def modules(self) -> dict[str, nn.Module]:
        """Return the two networks by name."""
        return {"generator": self.generator, "discriminator": self.discriminator}

    def let_learn(self, owner: str) -> None:
        """Ask for gradients of one owner's parameters, but those held, and of nobody else's."""
        for network in self.modules().values():
            network.requires_grad_(False)
        for parameter in self.parameters(owner):
            parameter.requires_grad_(True)
        for module in self.held:
            module.requires_grad_(False)


@torch.no_grad()
def heads_of(networks: Networks, interface: Interface) -> dict[str, int]:
    """Return the width of each auxiliary head of D, by showing it a grey image in eval mode."""
    discriminator = networks.discriminator
    device = next(discriminator.parameters()).device
    side, size = interface.resolution, interface.condition.size
    inputs = [torch.zeros(1, interface.channels, side, side, device=device)]
    if size:
        inputs.append(torch.zeros(1, size, device=device))
    training = discriminator.training
    discriminator.eval()
    critique = discriminator(*inputs)
    discriminator.train(training)
    assert isinstance(critique, Critique)
    return {name: head.shape[-1] for name, head in critique.aux.items()}


def critique_of(discriminator: nn.Module, images: Tensor, condition: Tensor) -> Critique:
    """Call D with or without a condition: [B, 0] means that there is none."""
    result = discriminator(images, condition) if condition.shape[1] else discriminator(images)
    assert isinstance(result, Critique)
    return result


def in_float32(critique: Critique) -> Critique:
    """Return score and auxiliary heads in float32, whatever autocast made them."""
    score, aux = critique
    return Critique(score.float(), {name: head.float() for name, head in aux.items()})


def generate(generator: nn.Module, z: Tensor, condition: Tensor) -> Tensor:
    """Call G with or without a condition: [B, 0] means that there is none."""
    images = generator(z, condition) if condition.shape[1] else generator(z)
    assert isinstance(images, Tensor)
    return images
