"""How far the inputs of G usually go."""

import numpy as np
import torch

from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.latent import Latent, LatentPart
from ganx.training.label_gradient import Spread


def test_inputs_of_g_spread_as_their_distributions_do() -> None:
    parts = ("normal", "uniform", "categorical", "continuous")
    latent = Latent(tuple(LatentPart(kind, kind, 3) for kind in parts))  # type: ignore[arg-type]
    rows = np.array([[1, 0], [1, 1]], np.uint8)
    known = ConditionDistribution(rows, np.array([3, 1]))
    spread = Spread.of(known, latent, torch.device("cpu"))
    rng = np.random.default_rng(0)
    assert torch.allclose(spread.z, torch.from_numpy(latent.draw(100_000, rng).std(0)), atol=0.01)
    assert torch.allclose(spread.c, torch.from_numpy(known.draw(100_000, rng).std(0)), atol=0.01)
