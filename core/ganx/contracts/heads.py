"""The discriminator's heads: their names, their widths, and what they mean.

Shapes: heads and conditions [B, K].
"""

from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from ganx.contracts.condition import Condition
from ganx.contracts.dataset import Dataset
from ganx.contracts.latent import LatentPart, codes_of
from ganx.contracts.networks import Networks

HEAD = "condition"
"""The name of D's class logits among its auxiliary heads."""


def condition_error(
    condition: Condition,
    logits: Tensor,
    targets: Tensor,
    reduce: Literal["mean", "sum"] = "mean",
) -> Tensor:
    """Return how far logits [B, K] are from the conditions [B, K]: a scalar to be minimised.

    The cross-entropy of one softmax for each group of classes or attributes, summed over the
    groups; for labels, the mean or sum over them of the binary cross-entropy.
    """
    logits = logits.float()
    if condition.kind == "labels":
        mean = functional.binary_cross_entropy_with_logits(logits, targets)
        return mean if reduce == "mean" else condition.size * mean
    groups = condition.slices.values()
    errors = [functional.cross_entropy(logits[:, one], targets[:, one]) for one in groups]
    return torch.stack(errors).sum()


def log_likelihood(condition: Condition, logits: Tensor, targets: Tensor) -> Tensor:
    """Return how likely logits [B, K] make conditions [B, K]: the logarithm, for each row [B].

    One softmax for each group of classes or attributes, for labels a sigmoid for each entry.
    """
    logits = logits.double()
    if condition.kind == "labels":
        return functional.logsigmoid(torch.where(targets > 0, logits, -logits)).sum(dim=1)
    parts = [logits[:, one].log_softmax(dim=1) for one in condition.slices.values()]
    return (torch.cat(parts, dim=1) * targets).sum(dim=1)


def code_heads(code: LatentPart) -> tuple[str, ...]:
    """Name the heads of D in which Q says what it believes of a code."""
    if code.kind == "categorical":
        return (f"q.{code.name}",)
    return (f"q.{code.name}.mean", f"q.{code.name}.log_variance")


def probabilities(condition: Condition, logits: Tensor) -> Tensor:
    """Return how likely each entry is: a softmax per group, for labels a sigmoid per entry.

    In float64, where a sigmoid keeps apart what float32 would round to 1.
    """
    logits = logits.double()
    if condition.kind == "labels":
        return logits.sigmoid()
    parts = [logits[:, one].softmax(dim=1) for one in condition.slices.values()]
    return torch.cat(parts, dim=1)


def usual_widths(networks: Networks, dataset: Dataset) -> dict[str, int]:
    """Tell how wide the heads are that ganx gives a meaning to."""
    widths = {head: c.size for c in codes_of(networks.latent) for head in code_heads(c)}
    return {HEAD: dataset.interface.condition.size, **widths}
