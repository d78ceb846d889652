"""By which input G's loss reaches G: its condition, or its noise.

Shapes: images [N, C, H, W] in [-1, 1]; c [N, K]; z [N, Z].
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.networks import Networks, generate
from ganx.contracts.plan import Phase
from ganx.contracts.term import Original
from ganx.device import Execution
from ganx.training.loss import LossSum
from ganx.training.phase import Kept, PhaseInputs
from ganx.training.step import Stepper

LEARN = Phase("generator", ("generator",))
"""G's phase with all terms, whatever the plan's phases are restricted to."""


class Spread(NamedTuple):
    """How far inputs of G usually go: a standard deviation for each entry."""

    c: Tensor
    z: Tensor

    @classmethod
    def of(
        cls, distribution: ConditionDistribution, latent: Latent, device: torch.device
    ) -> "Spread":
        """Take that of the training conditions and of the latent's distribution: [K], [Z]."""
        parts = [np.full(part.size, _sd(part)) for part in latent.parts]
        of_z = np.concatenate(parts) if parts else np.zeros(0)
        found = (one.astype(np.float32) for one in (_sd_of(distribution), of_z))
        return cls(*(torch.from_numpy(one).to(device) for one in found))


def _sd_of(distribution: ConditionDistribution) -> NDArray[np.float64]:
    share = distribution.counts @ distribution.rows / distribution.counts.sum()
    sd: NDArray[np.float64] = np.sqrt(share * (1 - share))
    return sd


def _sd(part: LatentPart) -> float:
    """Return the standard deviation of an entry of a latent's part."""
    if part.kind == "normal":
        return 1.0
    if part.kind == "categorical":
        share = 1 / part.size
        return float(np.sqrt(share * (1 - share)))
    return float(np.sqrt(1 / 3))  # U(-1, 1)


def gradient_ratio(
    networks: Networks,
    loss: LossSum,
    execution: Execution,
    inputs: PhaseInputs,
    spread: Spread,
    *,
    pieces: int,
) -> float | None:
    """Return |dL/dc sd_c| over |dL/dz sd_z|, root mean squares over the batch; L is G's loss.

    c reaches L by G alone: what D and the terms are told of c and z carries no gradient. The batch
    goes through in so many equal pieces. Networks and loss are left as a step may leave them, but
    for the weights. None where no term of G counts at this moment, or there is no gradient:
    a G that fills slots by c, for one, takes it as a choice, which has no derivative.
    """
    if not set(loss.defining(LEARN.parts)) & set(inputs.weights):
        return None
    networks.let_learn("generator")
    stepper = Stepper(networks, loss, execution)
    found = [_gradients(stepper, networks, execution, one) for one in inputs.split(pieces)]
    of_c, of_z = (torch.cat(gradients) for gradients in zip(*found, strict=True))
    by_c, by_z = _rms(of_c * spread.c), _rms(of_z * spread.z)
    return by_c / by_z if by_c and by_z else None


def _gradients(
    stepper: Stepper, networks: Networks, execution: Execution, inputs: PhaseInputs
) -> tuple[Tensor, Tensor]:
    """Return the gradients [N, K] and [N, Z] of G's loss by what goes into G."""
    c, z = (one.detach().clone().requires_grad_() for one in (inputs.c_fake, inputs.z))
    with torch.enable_grad():
        with execution.autocast():
            fake = generate(networks.generator, z.clone(), c.clone()).float()
        kept = Kept(fake, inputs.real, Original(inputs.real), None)
        losses = stepper.evaluate(LEARN, replace(inputs, kept=(kept,))).losses
        total = torch.stack(list(losses.values())).sum()
    if not total.requires_grad:
        return torch.zeros_like(c), torch.zeros_like(z)
    of_c, of_z = torch.autograd.grad(total, (c, z), allow_unused=True, materialize_grads=True)
    return of_c, of_z


def _rms(vectors: Tensor) -> float:
    """Return the root mean square length of vectors [N, ...]."""
    return float(vectors.double().square().sum(dim=1).mean().sqrt())
