"""Update plans: what happens in one training iteration, as data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

Part = Literal["real", "fake", "pair", "penalty", "generator"]
"""The parts that a loss term may have. ``real``, ``fake``, ``pair`` and ``penalty`` are the
discriminator's: on real images, on generated ones, on both together, and on D's own gradients.
``generator`` is the generator's."""

PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True)
class Phase:
    """One optimizer step: whose parameters move, which parts of the loss, on which inputs."""

    owner: str
    """The optimizer that steps; a key of ``Networks.owners``."""

    parts: tuple[Part, ...]
    """The parts of the loss that are summed."""

    fresh_real: bool = False
    """Take the next real batch (else the one of the phase before is used again)."""

    fresh_latent: bool = True
    """Draw a new z (else the one of the phase before is used again)."""

    terms: tuple[str, ...] = ()
    """Restrict the phase to these loss terms; empty means all."""

    judge_together: bool = False
    """Let D see real and generated images in one pass, where the phase needs both."""

    keep_fake: bool = False
    """Generate with gradients to G, and leave images and D's answers to the phase that follows."""

    reuse_fake: bool = False
    """Take the latent, the images and D's answers to real ones that the phase before kept."""

    @property
    def uses_fake(self) -> bool:
        """Whether the phase looks at generated images at all."""
        return set(self.parts) != {"real"}


@dataclass(frozen=True)
class UpdatePlan:
    """The phases of one iteration, in order."""

    phases: tuple[Phase, ...]

    def keeping(self, is_needed: Callable[[Phase], bool]) -> "UpdatePlan":
        """Leave out phases that have nothing to do, such as a penalty's in a loss without one.

        The real batch and the latent that one would have taken are taken by the next phase that
        stays.
        """
        return UpdatePlan(tuple(phase for _, phase in self.needed(is_needed)))

    def needed(self, is_needed: Callable[[Phase], bool]) -> Iterator[tuple[int, Phase]]:
        """Go through the phases as ``keeping`` leaves them, with their places in this plan."""
        owed_real = owed_latent = False
        for place, phase in enumerate(self.phases):
            owed_real = owed_real or phase.fresh_real
            owed_latent = owed_latent or phase.fresh_latent
            if is_needed(phase):
                yield place, replace(phase, fresh_real=owed_real, fresh_latent=owed_latent)
                owed_real = owed_latent = False

    @property
    def real_batches(self) -> int:
        """How many real batches one iteration consumes; images seen advance by that."""
        return sum(phase.fresh_real for phase in self.phases)
