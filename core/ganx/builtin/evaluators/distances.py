"""Distances between two sets of features, by torchmetrics.

Shapes: features [N, F] of real and [M, F] of generated images. The metrics stay on their process
(``sync_on_compute=False``): in a run on several, the others may not be evaluating.
"""

import warnings

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torchmetrics import Metric
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.kid import KernelInceptionDistance

Features = NDArray[np.floating]


class _Extracted(nn.Module):
    """Stands where torchmetrics has the network: what comes in are its features already.

    So they are extracted once for all figures, and images reach the network as it wants them.
    """

    def __init__(self, num_features: int) -> None:
        super().__init__()
        self.num_features = num_features

    def forward(self, features: Tensor) -> Tensor:
        """Return the features."""
        return features


def frechet_distance(real: Features, generated: Features) -> float:
    """Return the squared Frechet distance of two normal distributions of that mean and covariance.

    Heusel et al., arXiv:1706.08500; in float64. Rounding below zero is cut off.
    """
    metric = FrechetInceptionDistance(_Extracted(real.shape[1]), sync_on_compute=False)
    _give(metric, real, generated)
    return max(0.0, float(metric.compute()))


def kernel_distance(
    real: Features, generated: Features, subsets: int, size: int
) -> tuple[float, float]:
    """Return mean and standard deviation, over random subsets, of the squared kernel distance.

    Binkowski et al., arXiv:1801.01401: the unbiased estimate, which may fall below zero, for the
    kernel (x·y / F + 1)³; in float64. The subsets are the same at every call.
    """
    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        # It warns that it keeps features, which are here anyway.
        warnings.filterwarnings("ignore", message="Metric `Kernel Inception Distance` will save")
        torch.manual_seed(0)
        metric = KernelInceptionDistance(
            _Extracted(real.shape[1]), subsets=subsets, subset_size=size, sync_on_compute=False
        )
        _give(metric, real, generated)
        mean, sd = metric.compute()
    return float(mean), float(sd)


def _give(metric: Metric, real: Features, generated: Features) -> None:
    """Give both sets to a metric, in float64, in which it then computes."""
    metric.update(torch.from_numpy(real).double(), real=True)
    metric.update(torch.from_numpy(generated).double(), real=False)
