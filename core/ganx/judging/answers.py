"""From logits to an error to train on, and to probabilities to score.

Shapes: logits, targets and probabilities [B, K], in the order of the condition vector.
"""

import torch
from torch import Tensor
from torch.nn import functional

from ganx.condition import Condition


def answer_error(condition: Condition, logits: Tensor, targets: Tensor) -> Tensor:
    """Return the scalar to minimise.

    The cross-entropy of one softmax per group of classes or attributes, summed over the groups;
    for labels, the mean over them of the binary cross-entropy.
    """
    logits = logits.float()
    if condition.kind == "labels":
        return functional.binary_cross_entropy_with_logits(logits, targets)
    errors = [
        functional.cross_entropy(logits[:, one], targets[:, one])
        for one in condition.slices.values()
    ]
    return torch.stack(errors).sum()


def probabilities(condition: Condition, logits: Tensor) -> Tensor:
    """Return how likely each entry is: a softmax per group, for labels a sigmoid per entry.

    In float64, where a sigmoid keeps apart what float32 would round to 1.
    """
    logits = logits.double()
    if condition.kind == "labels":
        return logits.sigmoid()
    parts = [logits[:, one].softmax(dim=1) for one in condition.slices.values()]
    return torch.cat(parts, dim=1)
