"""Penalties on the gradient of the discriminator's score with respect to its images.

Shapes: images [B, C, H, W]; mix [B, 1, 1, 1] in [0, 1); the penalty is a scalar in float32.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ganx.builtin.losses.settings import GradientPenaltyConfig, LazyPenaltyConfig
from ganx.contracts.networks import critique_of
from ganx.contracts.term import Drawing, LossTerm, Moment, Original, StepBatch, unchanged
from ganx.layers.second_derivative import second_derivative


class GradientPenalty(LossTerm):
    """The squared distance of each image's gradient norm from a centre, averaged over the batch.

    E[(||grad D(x)||_2 - center)^2]. With centre 1 on mixtures of real and fake it is WGAN-GP's
    (Gulrajani et al., arXiv:1704.00028, equation 3); with centre 0 on real images it is R1
    (Mescheder et al., arXiv:1801.04406, equation 9). The weight is the sum's:
    ``10*gradient-penalty``; R1's gamma is twice the weight. The norm is each image's own, so D
    should not have BatchNorm.

    Real and fake images are those before augmentation, which the gradient goes through, as in R1.
    Mixtures are of what D sees, after it: they stand for the lines between the two distributions
    that D compares, and their two images were augmented each in its own way.
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
        original, condition = self._place(batch)
        with torch.autocast(original.images.device.type, enabled=False):
            norms = gradient_norms(
                batch.discriminator, original.images, condition, original.augment
            )
            return (norms - self.center).square().mean()

    def _place(self, batch: StepBatch) -> tuple[Original, Tensor]:
        """Choose the images [B, C, H, W] and conditions [B, K] at which the gradient is taken.

        A mixture is shown with the real image's condition.
        """
        if self.at == "real":
            return batch.original("real"), batch.c_real
        if self.at == "fake":
            return batch.original("fake"), batch.c_fake
        mixed = torch.lerp(batch.fake.float(), batch.real.float(), batch.draws["mix"])
        return Original(mixed), batch.c_real


class LazyPenalty(LossTerm):
    """Half the squared norm of D's gradient, in some iterations and on a share of the batch.

    Counted n times in each n-th iteration, it has the same mean as in all of them: lazy
    regularisation, Karras et al., "Analyzing and Improving the Image Quality of StyleGAN",
    arXiv:1912.04958, section 3.1. The gradient is that at the images before augmentation, taken
    through it, as in the code of StyleGAN2-ADA (Karras et al., arXiv:2006.06676).
    """

    def __init__(self, config: LazyPenaltyConfig) -> None:
        super().__init__()
        self.every = config.every
        self.share = config.share

    def factor(self, moment: Moment) -> float:
        """Count n times in the first iteration and each n-th after it."""
        return 0.0 if moment.iteration % self.every else float(self.every)

    def _at(self, original: Original, condition: Tensor, batch: StepBatch) -> Tensor:
        """Return E[||grad D(x)||_2^2] / 2, in float32 whatever autocast says.

        The mean over the share of the whole batch; this piece holds ``taken`` images of it.
        """
        images, (index, pieces) = original.images, batch.piece
        shared = math.ceil(round(self.share * len(images) * pieces, 6))
        taken = min(max(shared - index * len(images), 0), len(images))
        if not taken:
            return torch.zeros((), device=images.device)
        images, shown = images[:taken], condition[:taken]
        with torch.autocast(images.device.type, enabled=False):
            gradient = score_gradient(batch.discriminator, images, shown, original.augment)
            mean = gradient.square().sum(dim=1).mean() / 2
        return mean * (taken * pieces / shared)


class R1(LazyPenalty):
    """Half the squared norm of D's gradient at real images; the weight in the sum is gamma.

    gamma / 2 * E[||grad D(x)||_2^2], Mescheder et al., "Which Training Methods for GANs do
    actually Converge?", arXiv:1801.04406, equation 9: ``bce + 10*r1``.
    """

    def penalty(self, batch: StepBatch) -> Tensor:
        """Return E[||grad D(x)||_2^2] / 2, in float32 whatever autocast says."""
        return self._at(batch.original("real"), batch.c_real, batch)


class R2(LazyPenalty):
    """Half the squared norm of D's gradient at generated images; the weight is gamma.

    gamma / 2 * E[||grad D(G(z))||_2^2], Mescheder et al., arXiv:1801.04406, equation 10; beside R1
    in Huang et al., "The GAN is dead; long live the GAN! A Modern GAN Baseline", arXiv:2501.05441.
    """

    def penalty(self, batch: StepBatch) -> Tensor:
        """Return E[||grad D(G(z))||_2^2] / 2, in float32 whatever autocast says."""
        return self._at(batch.original("fake"), batch.c_fake, batch)


def gradient_norms(
    discriminator: nn.Module,
    images: Tensor,
    condition: Tensor,
    augment: Callable[[Tensor], Tensor] = unchanged,
) -> Tensor:
    """Return the L2 norm of D's gradient at each image: [B], differentiable in D's parameters."""
    gradient = score_gradient(discriminator, images, condition, augment)
    norms: Tensor = torch.linalg.vector_norm(gradient, dim=1)
    return norms


def score_gradient(
    discriminator: nn.Module,
    images: Tensor,
    condition: Tensor,
    augment: Callable[[Tensor], Tensor] = unchanged,
) -> Tensor:
    """Return D's gradient at each image: [B, C*H*W], differentiable in D's parameters.

    It is taken in float32 at the images as they are given; D sees what ``augment`` makes of them.
    """
    images = images.detach().float().requires_grad_()
    with torch.enable_grad(), second_derivative():
        score = critique_of(discriminator, augment(images), condition).score
        (gradient,) = torch.autograd.grad(score.sum(), images, create_graph=True)
    return gradient.flatten(1)
