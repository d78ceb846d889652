"""Whether D prefers the right labels of real images to wrong ones.

Shapes: images [N, C, H, W] in [-1, 1]; c [N, K]; scores [N]; heads [N, K].
"""

from copy import deepcopy
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ganx.contracts.condition import Condition
from ganx.contracts.heads import HEAD, log_likelihood
from ganx.contracts.label_figures import HEAD_PREFERENCE, PREFERENCE
from ganx.contracts.networks import critique_of, in_float32


class Rotation(NamedTuple):
    """Labels handed on among the images of a batch, so that each label is as frequent as before."""

    by: int
    """Each image gets the labels of the one so many places before it."""

    changed: NDArray[np.bool_]
    """[N]: whose labels are others then. The rest says nothing, and is left out."""


def rotation_of(conditions: NDArray[np.float32]) -> Rotation:
    """Find the rotation of conditions [N, K] that leaves the fewest as they were, the first such.

    As labels are handed round, what D thinks of a label whatever the image drops out of the mean.
    """
    changed = {
        by: (np.roll(conditions, by, axis=0) != conditions).any(axis=1)
        for by in range(1, len(conditions))
    }
    by = max(changed, key=lambda by: int(changed[by].sum()), default=0)
    return Rotation(by, changed.get(by, np.zeros(len(conditions), np.bool_)))


def preference(right: Tensor, wrong: Tensor, changed: Tensor, sd: Tensor) -> float:
    """Return by how many ``sd`` answers [N] to right labels lie above those to wrong ones."""
    return float((right - wrong)[changed].mean() / sd)


def label_preferences(
    discriminator: nn.Module,
    images: Tensor,
    c: Tensor,
    rotation: Rotation,
    *,
    pieces: int,
    head: Condition | None,
) -> dict[str, float]:
    """Ask copies of D, in its mode, about images with their own labels and with rotated ones.

    The batch is shown in so many equal ``pieces``, as D sees no more at once while it learns. A
    score that does not look at c has no preference. ``head`` is the condition that D's head names,
    where the loss teaches it to.
    """
    changed = torch.from_numpy(rotation.changed).to(images.device)
    if not rotation.changed.any():
        return {}
    other = c.roll(rotation.by, 0)
    right, wrong = (_asked(discriminator, images, one, pieces) for one in (c, other))
    found = {}
    if right.heeds or not torch.equal(right.score, wrong.score):
        found[PREFERENCE] = preference(right.score, wrong.score, changed, right.score.std())
    if head is not None and right.head is not None:
        likely, unlikely = (log_likelihood(head, right.head, one) for one in (c, other))
        # A head that is sure finds all right labels alike: the scatter is that of both kinds.
        sd = ((likely.var() + unlikely[changed].var()) / 2).sqrt()
        found[HEAD_PREFERENCE] = preference(likely, unlikely, changed, sd)
    return found


class _Answers(NamedTuple):
    score: Tensor
    head: Tensor | None
    heeds: bool
    """Whether the score was computed from c."""


def _asked(discriminator: nn.Module, images: Tensor, c: Tensor, pieces: int) -> _Answers:
    """Ask a fresh copy of D, which meets the same dropout each time."""
    network = deepcopy(discriminator).requires_grad_(False)
    torch.manual_seed(0)
    scores, heads, heeds = [], [], False
    for shown, labels in zip(images.chunk(pieces), c.chunk(pieces), strict=True):
        with torch.enable_grad():  # autograd knows what the score was computed from
            traced = labels.clone().requires_grad_().clone()
            critique = in_float32(critique_of(network, shown, traced))
        heeds = heeds or critique.score.requires_grad
        critique = critique.detached()
        scores.append(critique.score)
        heads += [critique.aux[HEAD]] if HEAD in critique.aux else []
    return _Answers(torch.cat(scores).double(), torch.cat(heads) if heads else None, heeds)
