"""The contract of a loss term.

Shapes: real, fake [B, C, H, W] in [-1, 1]; c_real, c_fake [B, K]; z [B, Z]; score [B].
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent
from ganx.contracts.networks import Critique, critique_of, in_float32
from ganx.contracts.plan import PARTS, Part


def unchanged(images: Tensor) -> Tensor:
    """Show images as they are."""
    return images


@dataclass(frozen=True)
class Original:
    """Images before augmentation, and how D gets to see them."""

    images: Tensor
    """[B, C, H, W] in [-1, 1]."""

    augment: Callable[[Tensor], Tensor] = unchanged
    """Changes the first so many of the images as D saw them changed; differentiable."""


@dataclass(frozen=True)
class StepBatch:
    """All that a loss term may look at in one phase. Everything random in it was drawn before.

    Real and generated images are as D sees them: after DiffAugment, where a run has it on.
    ``original`` has them as they were before.
    """

    real: Tensor
    c_real: Tensor
    z: Tensor
    c_fake: Tensor
    fake: Tensor
    """Generated from (z, c_fake); carries gradients to G in G's own phases only."""

    generator: nn.Module
    discriminator: nn.Module
    """Eager D in the caller's mode; a penalty calls it as ``critique_of(discriminator, x, c)``."""

    critiques: Mapping[str, Critique]
    """D on ``real`` and on ``fake``, as far as the phase needs them; scores in float32."""

    draws: Mapping[str, Tensor]
    """What the term's ``draws`` asked for, on the device."""

    images_seen: int = 0
    """Real images that D had seen when the iteration began."""

    piece: tuple[int, int] = (0, 1)
    """Which piece of the whole batch this is, and of how many equal ones; more than one where
    gradients are accumulated."""

    asking: Callable[[Tensor, Tensor], Critique] | None = None
    """How the phase asks D; without it, as in a batch made by hand, ``ask`` asks the eager D."""

    originals: Mapping[Literal["real", "fake"], Original] = field(default_factory=dict)
    """Where augmentation may have changed ``real`` and ``fake``."""

    def original(self, kind: Literal["real", "fake"]) -> Original:
        """Return real or generated images before augmentation; without any, as D sees them."""
        return self.originals.get(kind) or Original(self.real if kind == "real" else self.fake)

    def ask(self, images: Tensor, condition: Tensor) -> Critique:
        """Ask D of images [B, C, H, W] with conditions [B, K], as the phase itself asks.

        By the compiled D where there is one, under the phase's autocast; score and heads are
        float32. A penalty, which differentiates twice, asks the eager ``discriminator`` instead.
        """
        if self.asking is not None:
            return self.asking(images, condition)
        return in_float32(critique_of(self.discriminator, images, condition))


@dataclass(frozen=True)
class Drawing:
    """What a term may look at when it draws its random numbers, outside the step."""

    count: int
    """B, the images of the whole batch."""

    rng: np.random.Generator
    """Where all that is random comes from."""

    conditions: NDArray[np.float32]
    """[B, K], what the batch's real images show and its generated ones are asked to show."""

    distribution: ConditionDistribution
    """The conditions of the training set, and how often each occurs."""


@dataclass(frozen=True)
class Moment:
    """When an iteration takes place."""

    images_seen: int
    """Real images that were seen before it."""

    iteration: int
    """Iterations that were done before it: 0 in the first."""


@dataclass(frozen=True)
class LossContext:
    """What a term is built for."""

    interface: Interface
    latent: Latent

    terms: tuple[str, ...] = ()
    """The names of all terms of the sum."""

    distribution: ConditionDistribution | None = None
    """The conditions of the training set, where there is one."""


class LossTerm(nn.Module):
    """One named term of a loss.

    A subclass defines a method for each part it has, named after the part and taking a
    ``StepBatch``: ``real``, ``fake``, ``pair``, ``penalty``, ``generator``. Each returns a scalar
    to be minimised by the owner of the phase: the discriminator's optimizer for the first four,
    the generator's for the last. Penalties run in float32 and outside torch.compile.
    """

    aux: tuple[str, ...] = ()
    """The auxiliary heads of D that the term reads."""

    score_is_logit: bool = False
    """Whether the term teaches D the log-odds of being real, so that a sigmoid is a probability."""

    generator_sees_real: bool = False
    """Whether the generator's part reads ``critiques["real"]`` too (relativistic losses do)."""

    def parts(self) -> tuple[Part, ...]:
        """List the parts that this term defines."""
        return tuple(part for part in PARTS if callable(getattr(self, part, None)))

    def draws(self, drawing: Drawing) -> dict[str, NDArray[np.float32]]:
        """Draw what the parts need at random: arrays [B, ...], a row for each image.

        A batch may be cut into parts, and each part gets its images' rows: draw what an image
        needs, such as another label, and not places of other images in the batch.
        """
        del drawing
        return {}

    def factor(self, moment: Moment) -> float:
        """Return what the term's weight is multiplied by in the iteration of this moment.

        A pure function, so that a run resumes exactly. 0 means that the term does not count: it
        is not evaluated, and D is not asked for it. Lazy regularisation returns 16 in each 16th
        iteration and else 0. What the term draws is drawn all the same, so that when it counts
        moves no other term's numbers.
        """
        del moment
        return 1.0
