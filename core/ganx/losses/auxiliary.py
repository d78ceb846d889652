"""The auxiliary classifier: D names what an image shows, and G is to show what it was asked for.

Shapes: logits [B, K], D's head ``condition``, in the order of the condition vector; c [B, K].
"""

import torch
from torch import Tensor
from torch.nn import functional

from ganx.condition import Condition
from ganx.losses.config import AuxiliaryConfig
from ganx.losses.term import LossTerm, StepBatch
from ganx.plan import Part

HEAD = "condition"
"""The name of D's class logits among its auxiliary heads."""


class AuxiliaryClassification(LossTerm):
    """Cross-entropy of D's class logits: L_C, the log-likelihood of the classes, negated.

    Odena et al., "Conditional Image Synthesis With Auxiliary Classifier GANs", arXiv:1610.09585,
    equation 3: both networks maximise L_C, D on real and on generated images, G on its own. One
    softmax for each group of classes or attributes, summed over groups; for labels, of which an
    image has any number, the mean over them of the binary cross-entropy.
    """

    aux = (HEAD,)

    def __init__(self, condition: Condition, config: AuxiliaryConfig) -> None:
        super().__init__()
        self.condition = condition
        self.on_fake = config.on_fake

    def parts(self) -> tuple[Part, ...]:
        """List the parts: D learns from its own fakes only where the setting says so."""
        return tuple(part for part in super().parts() if part != "fake" or self.on_fake)

    def real(self, batch: StepBatch) -> Tensor:
        """Return D's error on real images and their labels."""
        return self._error(batch.critiques["real"].aux[HEAD], batch.c_real)

    def fake(self, batch: StepBatch) -> Tensor:
        """Return D's error on generated images and the labels they were asked to show."""
        return self._error(batch.critiques["fake"].aux[HEAD], batch.c_fake)

    def generator(self, batch: StepBatch) -> Tensor:
        """Return how far D is from seeing in G's images what was asked for."""
        return self.fake(batch)

    def _error(self, logits: Tensor, condition: Tensor) -> Tensor:
        """Compare logits [B, K] with conditions [B, K]."""
        return condition_error(self.condition, logits, condition)


def condition_error(condition: Condition, logits: Tensor, targets: Tensor) -> Tensor:
    """Return how far logits [B, K] are from the conditions [B, K]: a scalar to be minimised.

    The cross-entropy of one softmax for each group of classes or attributes, summed over the
    groups; for labels, the mean over them of the binary cross-entropy.
    """
    logits = logits.float()
    if condition.kind == "labels":
        return functional.binary_cross_entropy_with_logits(logits, targets)
    groups = condition.slices.values()
    errors = [functional.cross_entropy(logits[:, one], targets[:, one]) for one in groups]
    return torch.stack(errors).sum()
