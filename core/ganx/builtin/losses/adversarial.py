"""The adversarial terms: each has the discriminator's part on real, on fake, and the generator's.

Shapes: score [B], a logit. Every part is a scalar, the mean over the batch, in float32.
"""

from torch import Tensor
from torch.nn import functional

from ganx.builtin.losses.settings import BceConfig
from ganx.contracts.term import LossTerm, StepBatch


def score_of(batch: StepBatch, which: str) -> Tensor:
    """Return D's logits on ``"real"`` or ``"fake"`` images: [B], float32."""
    return batch.critiques[which].score.float()


class BinaryCrossEntropy(LossTerm):
    """D tells real from fake by cross-entropy; G maximises log D(G(z)), the non-saturating form.

    Goodfellow et al., "Generative Adversarial Networks", arXiv:1406.2661: D's part is equation 1,
    G's stands in section 3; one-sided label smoothing from Salimans et al., "Improved Techniques
    for Training GANs", arXiv:1606.03498, section 3.4.
    """

    score_is_logit = True

    def __init__(self, config: BceConfig) -> None:
        super().__init__()
        self.real_target = config.real_target

    def real(self, batch: StepBatch) -> Tensor:
        """Return -t log D(x) - (1 - t) log(1 - D(x)) for the target t of real images."""
        score = score_of(batch, "real")
        # Softplus of the logit keeps the precision that the logarithm of a sigmoid loses.
        hit, miss = functional.softplus(-score), functional.softplus(score)
        return (self.real_target * hit + (1 - self.real_target) * miss).mean()

    def fake(self, batch: StepBatch) -> Tensor:
        """Return -log(1 - D(G(z)))."""
        return functional.softplus(score_of(batch, "fake")).mean()

    def generator(self, batch: StepBatch) -> Tensor:
        """Return -log D(G(z)); without label smoothing, which is the discriminator's."""
        return functional.softplus(-score_of(batch, "fake")).mean()


class LeastSquares(LossTerm):
    """D's score is drawn to 1 on real images and to 0 on generated ones; G draws it to 1.

    Mao et al., "Least Squares Generative Adversarial Networks", arXiv:1611.04076, equation 9: half
    the squared distance.
    """

    def real(self, batch: StepBatch) -> Tensor:
        """Return (D(x) - 1)^2 / 2."""
        return (score_of(batch, "real") - 1).square().mean() / 2

    def fake(self, batch: StepBatch) -> Tensor:
        """Return D(G(z))^2 / 2."""
        return score_of(batch, "fake").square().mean() / 2

    def generator(self, batch: StepBatch) -> Tensor:
        """Return (D(G(z)) - 1)^2 / 2."""
        return (score_of(batch, "fake") - 1).square().mean() / 2


class Hinge(LossTerm):
    """D separates real from fake with a margin of 1; G raises D's score.

    Lim and Ye, "Geometric GAN", arXiv:1705.02894; in the form of SAGAN, arXiv:1805.08318,
    equation 4.
    """

    def real(self, batch: StepBatch) -> Tensor:
        """Return max(0, 1 - D(x))."""
        return functional.relu(1 - score_of(batch, "real")).mean()

    def fake(self, batch: StepBatch) -> Tensor:
        """Return max(0, 1 + D(G(z)))."""
        return functional.relu(1 + score_of(batch, "fake")).mean()

    def generator(self, batch: StepBatch) -> Tensor:
        """Return -D(G(z))."""
        return -score_of(batch, "fake").mean()


class Wasserstein(LossTerm):
    """D minimises E[D(G(z))] - E[D(x)]; G minimises -E[D(G(z))].

    Arjovsky et al., "Wasserstein GAN", arXiv:1701.07875, equation 3 and algorithm 1, without its
    clipping of weights. It needs a critic that is kept Lipschitz: add a gradient penalty, or use
    spectral normalisation.
    """

    def real(self, batch: StepBatch) -> Tensor:
        """Return -D(x)."""
        return -score_of(batch, "real").mean()

    def fake(self, batch: StepBatch) -> Tensor:
        """Return D(G(z))."""
        return score_of(batch, "fake").mean()

    def generator(self, batch: StepBatch) -> Tensor:
        """Return -D(G(z))."""
        return -score_of(batch, "fake").mean()
