"""Mutual information between codes of the latent and what can be recognised in the image.

Shapes: z [B, Z]; for a code of size S, D's heads ``q.NAME`` [B, S] (categorical: logits), or
``q.NAME.mean`` and ``q.NAME.log_variance`` [B, S] (continuous).
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from ganx.builtin.losses.settings import MutualInformationConfig
from ganx.contracts.heads import code_heads
from ganx.contracts.latent import Latent, LatentPart, codes_of
from ganx.contracts.term import LossTerm, StepBatch


class MutualInformation(LossTerm):
    """The negative of InfoGAN's lower bound on I(c; G(z, c)), up to the constant entropy H(c).

    Chen et al., "InfoGAN: Interpretable Representation Learning by Information Maximizing
    Generative Adversarial Nets", arXiv:1606.03657, equation 5. The cross-entropy of categorical
    codes, and ``continuous_weight`` times the Gaussian negative log-likelihood of continuous ones,
    summed over their dimensions. It is G's and Q's to minimise, so Q's parameters belong to the
    generator's optimizer.
    """

    def __init__(self, latent: Latent, config: MutualInformationConfig) -> None:
        super().__init__()
        self.codes = codes_of(latent)
        self.slices = latent.slices
        self.continuous_weight = config.continuous_weight
        self.bound = config.log_variance_bound
        self.aux = tuple(head for code in self.codes for head in code_heads(code))

    def generator(self, batch: StepBatch) -> Tensor:
        """Return how badly Q recovers the codes from the generated images."""
        heads = batch.critiques["fake"].aux
        return torch.stack([self._error(code, batch.z, heads) for code in self.codes]).sum()

    def _error(self, code: LatentPart, z: Tensor, heads: dict[str, Tensor]) -> Tensor:
        """Return one code's part of the bound."""
        true = z[:, self.slices[code.name]]
        found = [heads[head].float() for head in code_heads(code)]
        if code.kind == "categorical":
            return functional.cross_entropy(found[0], true)
        mean, log_variance = found
        return self.continuous_weight * gaussian_nll(true, mean, bounded(log_variance, self.bound))


def bounded(log_variance: Tensor, bound: float) -> Tensor:
    """Hold a log-variance between -bound and bound, so that no likelihood runs away.

    Near 0 it is the identity, and everywhere it keeps a gradient, which a cut would not.
    """
    return bound * torch.tanh(log_variance / bound)


def gaussian_nll(value: Tensor, mean: Tensor, log_variance: Tensor) -> Tensor:
    """Return the mean over the batch of -log N(value; mean, exp(log_variance)), summed over S."""
    squared = (value - mean).square() * torch.exp(-log_variance)
    return 0.5 * (math.log(2 * math.pi) + log_variance + squared).sum(dim=1).mean()
