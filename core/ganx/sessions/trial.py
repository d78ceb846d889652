"""Steps like those of training on copies of the networks, to see how fast they are.

Shapes: z [B, Z]; c [B, K]; real, fake [B, C, H, W] in [-1, 1].
"""

import time
from copy import deepcopy
from math import inf
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from ganx.contracts.networks import Critique, critique_of, generate
from ganx.data.images import upload
from ganx.device import Execution, matmul_policy
from ganx.sessions.race import Candidate, TooLateError
from ganx.training.setup import Setup, ordered


class _Inputs(NamedTuple):
    """What a step looks at."""

    real: Tensor
    z: Tensor
    c: Tensor


class Trial:
    """Copies of a run's networks and inputs for them; the run's own are left as they are."""

    def __init__(self, setup: Setup, device: torch.device, deadline: float = inf) -> None:
        """``deadline`` is of ``time.monotonic``: a forward pass that reaches it is given up."""
        self._deadline = deadline
        # Together, as they may share layers.
        pair = (setup.networks.generator, setup.networks.discriminator)
        self._pairs = {order: deepcopy(pair) for order in (True, False)}
        for channels_last, copies in self._pairs.items():
            for network in copies:
                ordered(network, channels_last=channels_last)
                for layer in network.modules():
                    layer.register_forward_pre_hook(self._in_time)
        self._setup = setup
        self._device = device

    def work(self, candidate: Candidate, count: int, *, learning: bool) -> float:
        """Pass so many images through the networks, with ``learning`` also backward.

        Returns its seconds: on a CPU those of the processor, which no neighbour lengthens.
        """
        channels_last = candidate.channels_last
        execution = Execution(
            self._device, candidate.precision, compile=False, channels_last=channels_last
        )
        inputs = self._inputs(count)
        clock = time.process_time if self._device.type == "cpu" else time.perf_counter
        work = _step if learning else _look
        begun = clock()
        # Trying kernels for each shape, as in training, would take longer than there is.
        with matmul_policy(execution, try_kernels=False):
            work(*self._pairs[channels_last], execution, inputs)
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)
        return clock() - begun

    def _in_time(self, *_: object) -> None:
        """Give up what is far slower than could be foreseen."""
        if time.monotonic() > self._deadline:
            raise TooLateError

    def _inputs(self, count: int) -> _Inputs:
        """Make images as they come from the store, channels-last; latents; conditions."""
        rng = np.random.default_rng(0)
        interface = self._setup.dataset.interface
        size = (count, interface.resolution, interface.resolution, interface.channels)
        real = rng.random(size, dtype=np.float32) * 2 - 1
        z = self._setup.networks.latent.draw(count, rng)
        c = self._setup.distribution.draw(count, rng)
        near = [upload(array, self._device) for array in (real, z, c)]
        return _Inputs(near[0].permute(0, 3, 1, 2), near[1], near[2])


@torch.no_grad()
def _look(
    generator: nn.Module, discriminator: nn.Module, execution: Execution, inputs: _Inputs
) -> None:
    """Generate and judge, without learning."""
    with execution.autocast():
        critique_of(discriminator, generate(generator, inputs.z, inputs.c), inputs.c)


def _step(
    generator: nn.Module, discriminator: nn.Module, execution: Execution, inputs: _Inputs
) -> None:
    """Take the gradients of D on real and generated images, and of G through D."""
    with execution.autocast():
        with torch.no_grad():
            fake = generate(generator, inputs.z, inputs.c).float()
        seen = [critique_of(discriminator, images, inputs.c) for images in (inputs.real, fake)]
    _gradients(seen, discriminator)
    with execution.autocast():
        judged = critique_of(discriminator, generate(generator, inputs.z, inputs.c), inputs.c)
    _gradients([judged], generator)


def _gradients(critiques: list[Critique], owner: nn.Module) -> None:
    """Go back from all that D said to the parameters of one network."""
    said = [output.float().mean() for one in critiques for output in (one.score, *one.aux.values())]
    learning = [parameter for parameter in owner.parameters() if parameter.requires_grad]
    torch.autograd.grad(torch.stack(said).sum(), learning, allow_unused=True)
