"""What goes into one phase of an update plan, and what comes out.

Shapes: real, fake [B, C, H, W] in [-1, 1]; c_real, c_fake [B, K]; z [B, Z].
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor

from ganx.contracts.networks import Critique
from ganx.contracts.plan import Phase
from ganx.contracts.term import Original, StepBatch
from ganx.training.augmenting import Augmentations


@dataclass(frozen=True)
class PhaseInputs:
    """What was drawn for one phase, or for one part of its batch."""

    real: Tensor
    c_real: Tensor
    z: Tensor
    c_fake: Tensor
    draws: Mapping[str, Tensor]
    """What the loss terms asked for at random; every tensor [B, ...]."""

    augmentations: Augmentations | None = None
    """What changes images before D sees them; None: nothing."""

    augment_real: Mapping[str, Tensor] = field(default_factory=dict)
    """The augmentations' random numbers [B, N], by name, for the real images."""

    augment_fake: Mapping[str, Tensor] = field(default_factory=dict)
    """The same for the generated images."""

    fake: Tensor | None = None
    """What G made of (z, c_fake) in the phase before, if that is to be used again."""

    kept: "tuple[Kept, ...]" = ()
    """What the phase before left to this one, for each part of the batch."""

    images_seen: int = 0
    """Real images that D had seen when the iteration began."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """The weight of this moment of each term that counts; empty: those written in the sum."""

    piece: tuple[int, int] = (0, 1)
    """Which piece of the whole batch this is, and of how many."""

    def originals(self, fake: Tensor) -> dict[Literal["real", "fake"], Original]:
        """Say of real and generated images how augmentations change them."""
        if self.augmentations is None:
            return {"real": Original(self.real), "fake": Original(fake)}
        by = self.augmentations.by
        return {
            "real": Original(self.real, by(self.augment_real)),
            "fake": Original(fake, by(self.augment_fake)),
        }

    def observed(self, phase: Phase, critiques: Mapping[str, Critique]) -> dict[str, Tensor]:
        """Tell the augmentations what D, while it learns, says of real images; return readings."""
        if not self.augmentations or "real" not in critiques or "generator" in phase.parts:
            return {}
        self.augmentations.observe(critiques["real"].score, self.images_seen)
        return self.augmentations.readings()

    def split(self, parts: int) -> "list[PhaseInputs]":
        """Cut the batch into equal parts, for gradient accumulation."""
        everything = {one.name: getattr(self, one.name) for one in fields(self)}
        pieces = (PhaseInputs(**_piece(everything, parts, index)) for index in range(parts))
        return [replace(one, piece=(index, parts)) for index, one in enumerate(pieces)]


class Kept(NamedTuple):
    """What one part of a phase's batch leaves to the next phase, which is to learn from it."""

    fake: Tensor
    """The generated images before augmentation, with gradients to G, which has not moved since."""

    real: Tensor
    """The real images as D saw them."""

    original: Original
    """The real images before augmentation."""

    critique: Critique | None
    """What D said of the real images, without gradients, where it was asked."""

    @classmethod
    def of(cls, made: Tensor, batch: StepBatch) -> "Kept":
        """Gather what the next phase need not make or ask for again."""
        critique = batch.critiques.get("real")
        said = critique.detached() if critique is not None else None
        return cls(made, batch.real, batch.original("real"), said)


def _piece(value: Any, parts: int, index: int) -> Any:
    """Take one of equal parts of every tensor [B, ...] in a value."""
    if isinstance(value, Mapping):
        return {key: _piece(inner, parts, index) for key, inner in value.items()}
    if isinstance(value, tuple):
        return value[index : index + 1]
    return value.chunk(parts)[index] if isinstance(value, Tensor) else value


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

    @classmethod
    def joined(cls, parts: "list[PhaseResult]") -> "PhaseResult":
        """Put together what equal parts of a batch gave; scalars are averaged."""
        return cls(
            _means(part.losses for part in parts),
            _means(part.readings for part in parts),
            torch.cat([part.fake for part in parts]),
            tuple(kept for part in parts for kept in part.kept),
        )


def taking_over(phase: Phase, kept: tuple[Kept, ...]) -> tuple[Phase, tuple[Kept, ...]]:
    """Let a phase that reuses images keep their latent; where none are left, it makes its own."""
    if not phase.reuse_fake or phase.fresh_real or not kept:
        return phase, ()
    return replace(phase, fresh_latent=False), kept


def _means(parts: Iterable[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Average scalars over equal parts of a batch."""
    listed = list(parts)
    return {name: torch.stack([part[name] for part in listed]).mean() for name in listed[0]}
