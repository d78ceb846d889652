"""The auxiliary classifier: D names what an image shows, and G is to show what it was asked for.

Shapes: logits [B, K], D's head ``condition``, in the order of the condition vector; c [B, K].
"""

import torch
from torch import Tensor

from ganx.builtin.losses.settings import AuxiliaryConfig
from ganx.contracts.condition import Condition
from ganx.contracts.heads import HEAD, condition_error
from ganx.contracts.plan import Part
from ganx.contracts.term import LossTerm, StepBatch


class AuxiliaryClassification(LossTerm):
    """Cross-entropy of D's class logits: L_C, the log-likelihood of the classes, negated.

    Odena et al., "Conditional Image Synthesis With Auxiliary Classifier GANs", arXiv:1610.09585,
    equation 3: both networks maximise L_C, D on real and on generated images, G on its own. One
    softmax for each group of classes or attributes, summed over groups; for labels, of which an
    image has any number, the binary cross-entropy, its mean or sum over them.

    Where D learns that generated images show nothing (``on_fake = "absent"``), the target is none
    of the labels, or each value of a group as likely as the others: what pleases the classifier
    without being the thing is then no longer worth painting.
    """

    aux = (HEAD,)
    nothing: Tensor

    def __init__(self, condition: Condition, config: AuxiliaryConfig) -> None:
        super().__init__()
        self.condition = condition
        self.config = config
        self.register_buffer("nothing", _nothing(condition), persistent=False)

    def parts(self) -> tuple[Part, ...]:
        """List the parts: those that the settings leave out are never asked for."""
        left_out: set[Part] = set()
        if self.config.on_fake == "none":
            left_out.add("fake")
        if not self.config.generator_weight:
            left_out.add("generator")
        return tuple(part for part in super().parts() if part not in left_out)

    def real(self, batch: StepBatch) -> Tensor:
        """Return D's error on real images and their labels."""
        return self._error(batch.critiques["real"].aux[HEAD], batch.c_real)

    def fake(self, batch: StepBatch) -> Tensor:
        """Return D's error on generated images: as asked for, or as showing nothing."""
        logits = batch.critiques["fake"].aux[HEAD]
        weight = self.weight_on_fake(batch.images_seen)
        if not weight:
            return 0 * logits.sum()
        absent = self.config.on_fake == "absent"
        target = self.nothing.expand_as(logits) if absent else batch.c_fake
        return weight * self._error(logits, target)

    def generator(self, batch: StepBatch) -> Tensor:
        """Return how far D is from seeing in G's images what was asked for."""
        error = self._error(batch.critiques["fake"].aux[HEAD], batch.c_fake)
        return self.config.generator_weight * error

    def weight_on_fake(self, images_seen: int) -> float:
        """Return how much generated images count in D's part after so many images seen."""
        config = self.config
        since = images_seen - config.fake_start
        if since < 0:
            return 0.0
        return config.fake_weight * min(1.0, since / config.fake_rise if config.fake_rise else 1.0)

    def _error(self, logits: Tensor, condition: Tensor) -> Tensor:
        """Compare logits [B, K] with conditions [B, K]."""
        return condition_error(self.condition, logits, condition, self.config.reduce)


def _nothing(condition: Condition) -> Tensor:
    """Return the target [K] of an image that shows nothing of the vocabulary."""
    target = torch.zeros(condition.size)
    if condition.kind != "labels":
        for group in condition.slices.values():
            target[group] = 1 / (group.stop - group.start)
    return target
