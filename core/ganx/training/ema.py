"""The exponential moving average of a generator."""

from collections.abc import Callable
from contextlib import nullcontext
from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from ganx.contracts.networks import generate
from ganx.data.images import upload
from ganx.device import Execution, matmul_policy
from ganx.randomness import keyed_rng
from ganx.settings.tables import EmaConfig
from ganx.training.setup import Setup

_LONG_AGO = 10**12
_REFRESH_BATCHES = 8


def ema_decay(settings: EmaConfig, images_seen: int, advance: int) -> float:
    """Return how much of the old average stays after ``advance`` more images.

    The half-life is held to a share of the images seen, as in StyleGAN2-ADA (arXiv:2006.06676),
    so that the average of a short run is not dominated by the first, grey weights.
    """
    half_life = min(settings.half_life, settings.warmup * images_seen)
    return float(0.5 ** (advance / max(half_life, 1e-8)))


class Ema:
    """A copy of the generator whose weights trail behind.

    Buffers are copied, since a mean of power-iteration vectors or of counters means nothing.
    Batch-norm statistics belong to the weights they were gathered with; ``refresh`` gathers them
    for the averaged weights. With ``seasoned`` the weights are another run's, and so no grey ones
    that a warm-up would have to forget.
    """

    def __init__(
        self, generator: nn.Module, settings: EmaConfig, *, seasoned: bool = False
    ) -> None:
        self.generator = deepcopy(generator).eval().requires_grad_(False)
        self._settings = settings
        self._seasoned = seasoned
        self._weights: list[Tensor] = list(self.generator.parameters())
        self._sources: list[Tensor] = list(generator.parameters())
        self._buffers = list(zip(self.generator.buffers(), generator.buffers(), strict=True))

    @torch.no_grad()
    def update(self, images_seen: int, advance: int) -> None:
        """Move the average towards the generator's weights after an iteration."""
        # As after so many images that the warm-up is over.
        seen = images_seen + (_LONG_AGO if self._seasoned else 0)
        decay = ema_decay(self._settings, seen, advance)
        torch._foreach_lerp_(self._weights, self._sources, 1 - decay)
        for buffer, source in self._buffers:
            buffer.copy_(source)

    @torch.no_grad()
    def refresh(self, forwards: list[Callable[[nn.Module], Tensor]]) -> None:
        """Gather batch-norm statistics for the averaged weights over some forward passes."""
        norms = [m for m in self.generator.modules() if isinstance(m, _BatchNorm)]
        momenta = [norm.momentum for norm in norms]
        if not norms:
            return
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # a cumulative mean over the passes
            norm.train()
        for forward in forwards:
            forward(self.generator)
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
            norm.eval()


class FixedPasses:
    """The forward passes that batch-norm statistics of the averaged weights are gathered over.

    Their inputs depend on the run's seed alone, so that refreshing changes nothing in the run.
    """

    def __init__(self, setup: Setup, execution: Execution) -> None:
        self._setup = setup
        self._execution = execution

    def refresh(self, ema: Ema) -> None:
        """Gather the statistics for the weights of this moment."""
        with matmul_policy(self._execution):
            ema.refresh([self._forward(index) for index in range(_REFRESH_BATCHES)])

    def _forward(self, index: int) -> Callable[[nn.Module], Tensor]:
        setup = self._setup
        rng = keyed_rng(setup.config.train.seed, index, "batch norm")
        count = setup.config.train.batch_size
        drawn = (setup.networks.latent.draw(count, rng), setup.drawn.draw(count, rng))
        inputs = [upload(array, self._execution.device) for array in drawn]

        def forward(generator: nn.Module) -> Tensor:
            # Float16 might overflow, and one such pass would spoil the statistics.
            exact = self._execution.precision == "float16"
            with nullcontext() if exact else self._execution.autocast():
                return generate(generator, *inputs)

        return forward
