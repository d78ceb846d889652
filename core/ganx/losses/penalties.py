"""Penalties on the gradient of the discriminator's score with respect to its images.

Shapes: images [B, C, H, W]; mix [B, 1, 1, 1] in [0, 1); the penalty is a scalar in float32.
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ganx.layers.second_derivative import second_derivative
from ganx.losses.config import GradientPenaltyConfig, LazyPenaltyConfig
from ganx.losses.term import Drawing, LossTerm, Moment, StepBatch, critique_of


class GradientPenalty(LossTerm):
    """The squared distance of each image's gradient norm from a centre, averaged over the batch.

    E[(||grad D(x)||_2 - center)^2]. With centre 1 on mixtures of real and fake it is WGAN-GP's
    (Gulrajani et al., arXiv:1704.00028, equation 3); with centre 0 on real images it is R1
    (Mescheder et al., arXiv:1801.04406). The weight is the sum's: ``10*gradient-penalty``; R1's
    gamma is twice the weight. The norm is each image's own, so D should not have BatchNorm.
    """

    def __init__(self, config: GradientPenaltyConfig) -> None:
        super().__init__()
        self.center = config.center
        self.at = config.at

    def draws(self, drawing: Drawing) -> dict[str, NDArray[np.float32]]:
        """Draw the share of the real image in each mixture: ``mix`` [B, 1, 1, 1]."""
        if self.at != "interpolated":
            return {}
        return {"mix": drawing.rng.random((drawing.count, 1, 1, 1), dtype=np.float32)}

    def penalty(self, batch: StepBatch) -> Tensor:
        """Return E[(||grad D(x)||_2 - center)^2], in float32 whatever autocast says."""
        images, condition = self._place(batch)
        with torch.autocast(images.device.type, enabled=False):
            norms = gradient_norms(batch.discriminator, images, condition)
            return (norms - self.center).square().mean()

    def _place(self, batch: StepBatch) -> tuple[Tensor, Tensor]:
        """Choose the images [B, C, H, W] and conditions [B, K] at which the gradient is taken.

        A mixture is shown with the real image's condition.
        """
        real, fake = batch.real.float(), batch.fake.float()
        if self.at == "real":
            return real, batch.c_real
        if self.at == "fake":
            return fake, batch.c_fake
        mix = batch.draws["mix"]
        return torch.lerp(fake, real, mix), batch.c_real


class LazyPenalty(LossTerm):
    """Half the squared norm of D's gradient, in some iterations and on a share of the batch.

    Counted n times in each n-th iteration, it has the same mean as in all of them: lazy
    regularisation, Karras et al., "Analyzing and Improving the Image Quality of StyleGAN",
    arXiv:1912.04958, section 3.1.
    """

    def __init__(self, config: LazyPenaltyConfig) -> None:
        super().__init__()
        self.every = config.every
        self.share = config.share

    def factor(self, moment: Moment) -> float:
        """Count n times in the first iteration and each n-th after it."""
        return 0.0 if moment.iteration % self.every else float(self.every)

    def _at(self, images: Tensor, condition: Tensor, batch: StepBatch) -> Tensor:
        """Return E[||grad D(x)||_2^2] / 2, in float32 whatever autocast says.

        The mean over the share of the whole batch; this piece holds ``taken`` images of it.
        """
        index, pieces = batch.piece
        shared = math.ceil(round(self.share * len(images) * pieces, 6))
        taken = min(max(shared - index * len(images), 0), len(images))
        if not taken:
            return torch.zeros((), device=images.device)
        images = images[:taken].float()
        with torch.autocast(images.device.type, enabled=False):
            gradient = score_gradient(batch.discriminator, images, condition[:taken])
            mean = gradient.square().sum(dim=1).mean() / 2
        return mean * (taken * pieces / shared)


class R1(LazyPenalty):
    """Half the squared norm of D's gradient at real images; the weight in the sum is gamma.

    gamma / 2 * E[||grad D(x)||_2^2], Mescheder et al., "Which Training Methods for GANs do
    actually Converge?", arXiv:1801.04406, equation 9: ``bce + 10*r1``.
    """

    def penalty(self, batch: StepBatch) -> Tensor:
        """Return E[||grad D(x)||_2^2] / 2, in float32 whatever autocast says."""
        return self._at(batch.real, batch.c_real, batch)


class R2(LazyPenalty):
    """Half the squared norm of D's gradient at generated images; the weight is gamma.

    gamma / 2 * E[||grad D(G(z))||_2^2], Mescheder et al., arXiv:1801.04406; beside R1 in Huang et
    al., "The GAN is dead; long live the GAN! A Modern GAN Baseline", arXiv:2501.05441.
    """

    def penalty(self, batch: StepBatch) -> Tensor:
        """Return E[||grad D(G(z))||_2^2] / 2, in float32 whatever autocast says."""
        return self._at(batch.fake, batch.c_fake, batch)


def gradient_norms(discriminator: nn.Module, images: Tensor, condition: Tensor) -> Tensor:
    """Return the L2 norm of D's gradient at each image: [B], differentiable in D's parameters."""
    gradient = score_gradient(discriminator, images, condition)
    norms: Tensor = torch.linalg.vector_norm(gradient, dim=1)
    return norms


def score_gradient(discriminator: nn.Module, images: Tensor, condition: Tensor) -> Tensor:
    """Return D's gradient at each image: [B, C*H*W], differentiable in D's parameters."""
    images = images.detach().requires_grad_()
    with torch.enable_grad(), second_derivative():
        score = critique_of(discriminator, images, condition).score
        (gradient,) = torch.autograd.grad(score.sum(), images, create_graph=True)
    return gradient.flatten(1)
