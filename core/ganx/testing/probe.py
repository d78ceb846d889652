"""Inputs for networks under test, and what is looked at in their answers.

Shapes: z [B, Z], c [B, K], images [B, C, H, W] in [-1, 1], score [B].
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from ganx.contracts.condition import Condition
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Critique, Networks


def conditions(condition: Condition, count: int, first: int = 0) -> Tensor:
    """Make valid conditions [count, K]: of each group one value, by turns, from ``first`` on."""
    c = torch.zeros(count, condition.size)
    for where in condition.slices.values():
        for row in range(count):
            c[row, where.start + (first + row) % (where.stop - where.start)] = 1
    return c


def latents(networks: Networks, count: int, seed: int = 0) -> Tensor:
    """Draw z [count, Z], the same for the same seed; the first rows do not depend on the count."""
    rng = np.random.default_rng(seed)
    return torch.cat([torch.from_numpy(networks.latent.draw(1, rng)) for _ in range(count)])


def real_images(interface: Interface, count: int) -> Tensor:
    """Draw the same images [count, C, H, W] in [-1, 1] every time."""
    rng = np.random.default_rng(1)
    size = (count, interface.channels, interface.resolution, interface.resolution)
    return torch.from_numpy(rng.uniform(-1, 1, size).astype(np.float32))


def draw(
    networks: Networks, interface: Interface, count: int, *, first: int = 0, seed: int = 0
) -> Tensor:
    """Let G draw ``count`` images; ``first`` chooses other conditions, ``seed`` another z."""
    z, c = latents(networks, count, seed), conditions(interface.condition, count, first)
    images = networks.generator(*(z, c)[: 1 + bool(interface.condition.size)])
    assert isinstance(images, Tensor), f"G returns {type(images).__name__}, not a tensor."
    return images


def critique(networks: Networks, interface: Interface, images: Tensor) -> Critique:
    """Let D look at images that are to show by turns each value of the condition."""
    c = conditions(interface.condition, len(images))
    said = networks.discriminator(*(images, c)[: 1 + bool(interface.condition.size)])
    assert isinstance(said, Critique), (
        f"D returns {type(said).__name__}; return ganx.contracts.networks.Critique(score, aux)."
    )
    return said


@torch.no_grad()
def enliven(networks: Networks, sigma: float = 0.05) -> None:
    """Add noise to every weight, so that none stays where it shuts off a part of the network.

    Attention behind a gamma of 0, for example, has no gradient before gamma has moved.
    """
    noise = torch.Generator().manual_seed(2)
    for _, parameter in parameters(networks):
        parameter.add_(sigma * torch.randn(parameter.shape, generator=noise))


@torch.no_grad()
def settle(networks: Networks, interface: Interface) -> None:
    """Let normalisation layers of G see a few batches, then put both networks in eval mode.

    Statistics that were never updated hide what a state dict or an exported file forgets.
    """
    networks.generator.train()
    for _ in range(4):
        draw(networks, interface, 4)
    for network in networks.modules().values():
        network.eval()


def parameters(networks: Networks) -> Iterator[tuple[str, nn.Parameter]]:
    """Yield both networks' parameters with names such as ``generator.layers.0.weight``."""
    for name, network in networks.modules().items():
        for key, parameter in network.named_parameters():
            yield f"{name}.{key}", parameter


def weighted(values: Tensor) -> Tensor:
    """Sum with unequal weights: a plain sum is blind to what normalisation keeps constant."""
    weights = torch.linspace(-1, 2, values.numel(), dtype=values.dtype)
    return (values.flatten() * weights).sum()


def reached(networks: Networks) -> dict[str, float]:
    """Return the largest entry of the gradient of each parameter; 0 where there is none."""
    return {
        name: 0.0 if parameter.grad is None else float(parameter.grad.abs().max())
        for name, parameter in parameters(networks)
    }
