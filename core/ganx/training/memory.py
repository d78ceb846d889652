"""How much memory a run will take, measured on a tiny batch before anything is trained.

Shapes: z [B, Z]; c [B, K].
"""

from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganx.contracts.networks import critique_of, generate
from ganx.device import Execution
from ganx.training.setup import Setup

_WORKING_SHARE = 0.5
"""Working space as a part of the activations. Measured on a CPU with `sagan` at batch 64, in
float32 and in bfloat16: the peak is above the estimate by at most a fifth."""


@dataclass(frozen=True)
class MemoryEstimate:
    """Bytes."""

    networks: int
    """Weights, their average, gradients and optimizer moments."""

    activations: int
    """What the generator's phase, the largest, keeps for its backward pass."""

    working: int
    """Gradients of activations, copies in other memory orders, and scratch space of kernels."""

    images: int
    """The image store: on the GPU when it fits there, else mapped from disk as needed."""

    @property
    def total(self) -> int:
        """What training itself takes, without the images."""
        return self.networks + self.activations + self.working


def count_parameters(module: nn.Module) -> int:
    """Count the trainable numbers of a network."""
    return sum(parameter.numel() for parameter in module.parameters())


def estimate_memory(setup: Setup, execution: Execution) -> MemoryEstimate:
    """Estimate what training takes; leaves the setup's networks as they were."""
    generator = count_parameters(setup.networks.generator)
    both = generator + count_parameters(setup.networks.discriminator)
    train = setup.config.train
    one, two = (_saved_bytes(setup, execution, count) for count in (2, 4))
    slope = (two - one) // 2
    interface = setup.dataset.interface
    pixels = len(setup.dataset.images) * interface.resolution**2 * interface.channels
    # Images that one phase keeps for the next hold their activations, however the batch is cut.
    cut = 1 if any(phase.keep_fake for phase in setup.plan.phases) else train.accumulate
    activations = one + slope * (train.batch_size // cut - 2)
    return MemoryEstimate(
        # float32: weight, gradient and two moments for each, one more weight for the average.
        networks=4 * (4 * both + generator),
        activations=activations,
        working=int(activations * _WORKING_SHARE),
        images=pixels,
    )


def _saved_bytes(setup: Setup, execution: Execution, count: int) -> int:
    """Count the bytes that autograd keeps for a generator phase with ``count`` images."""
    kept: dict[int, int] = {}
    weights = {p.data_ptr() for net in setup.networks.modules().values() for p in net.parameters()}

    def keep(tensor: Tensor) -> Tensor:
        if tensor.data_ptr() not in weights:
            kept[tensor.data_ptr()] = tensor.numel() * tensor.element_size()
        return tensor

    networks = setup.networks
    states = {name: deepcopy(net.state_dict()) for name, net in networks.modules().items()}
    z = torch.zeros(count, networks.latent.size, device=execution.device)
    c = torch.zeros(count, setup.dataset.interface.condition.size, device=execution.device)
    hooks = torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor)
    with hooks, execution.autocast():
        # Held until the sum is taken, so that no address is counted for two tensors.
        held = critique_of(networks.discriminator, generate(networks.generator, z, c), c)
    total = sum(kept.values())
    del held
    for name, network in networks.modules().items():
        network.load_state_dict(states[name])
    return total
