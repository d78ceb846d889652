"""From a judge's logits to probabilities.

Shapes: logits and probabilities [B, K], in the order of the condition vector.
"""

import torch
from torch import Tensor

from ganx.condition import Condition


def probabilities(condition: Condition, logits: Tensor) -> Tensor:
    """Return how likely each entry is: a softmax per group, for labels a sigmoid per entry.

    In float64, where a sigmoid keeps apart what float32 would round to 1.
    """
    logits = logits.double()
    if condition.kind == "labels":
        return logits.sigmoid()
    parts = [logits[:, one].softmax(dim=1) for one in condition.slices.values()]
    return torch.cat(parts, dim=1)
