"""The relativistic pair: D tells which of two images with the same labels is the real one.

Shapes: score [B]; the real and the generated image of a row have the same condition.
"""

from torch import Tensor
from torch.nn import functional

from ganx.builtin.losses.adversarial import score_of
from ganx.contracts.term import LossTerm, StepBatch


class Relativistic(LossTerm):
    """D raises the real image of each pair above the generated one; G the other way round.

    Jolicoeur-Martineau, "The relativistic discriminator", arXiv:1807.00734, section 4.1, with the
    logistic function; as in R3GAN (Huang et al., "The GAN is dead; long live the GAN!",
    arXiv:2501.05441, section 2), which adds penalties on D's gradient. Only differences of scores
    count, so that the sigmoid of a score is no probability, and the scores of both kinds may drift
    together.
    """

    generator_sees_real = True

    def pair(self, batch: StepBatch) -> Tensor:
        """Return -log sigmoid(D(x) - D(G(z))), the mean over pairs."""
        return functional.softplus(score_of(batch, "fake") - score_of(batch, "real")).mean()

    def generator(self, batch: StepBatch) -> Tensor:
        """Return -log sigmoid(D(G(z)) - D(x)), the mean over pairs."""
        real = score_of(batch, "real").detach()
        return functional.softplus(real - score_of(batch, "fake")).mean()
