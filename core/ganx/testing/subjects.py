"""Subjects for the tests of evaluators: untrained generators, judges that know nothing, noise.

Shapes: images [N, C, H, W] in [-1, 1]; conditions [N, K].
"""

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.contracts.judge import Judge
from ganx.contracts.subject import Reference, Subject
from ganx.judging.network import JudgeNetwork
from ganx.testing.interfaces import CLASSES
from ganx.testing.stand_in import LATENT, stand_in

SIDE = 16
IMAGES = 24


def frozen_stand_in(interface: Interface) -> FrozenGenerator:
    """Freeze a small generator with random weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        module = stand_in(interface, {}).generator.eval().requires_grad_(False)
    distribution = ConditionDistribution.of(_conditions(interface).astype(np.uint8))
    metadata = {
        "distribution": distribution.to_json(),
        "origin": {"run": "00000-stand-in", "images_seen": 0, "weights": "ema"},
    }
    return FrozenGenerator(module, interface, LATENT, metadata)


def whole_subject(interface: Interface) -> Subject:
    """Make a subject with prompts, a judge that knows nothing yet, and real images.

    The judge of an unconditional generator tells classes apart, as one of InfoGAN's does.
    """
    condition = interface.condition
    conditions = _conditions(interface)
    texts = dict.fromkeys(condition.decode(row) for row in conditions)
    return Subject(
        generator=frozen_stand_in(interface),
        prompts={"test": tuple(texts)} if condition.size else {},
        judge=_judge(interface if condition.size else replace(interface, condition=CLASSES)),
        reference=Reference("stand-ins", IMAGES, lambda count: _real(interface, count)),
        seeds=(0, 1),
    )


def _judge(interface: Interface) -> Judge:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = JudgeNetwork(interface, 4).eval().requires_grad_(requires_grad=False)
    return Judge(network, interface, {})


def _real(interface: Interface, count: int) -> tuple[Tensor, NDArray[np.float32]]:
    """Draw images that look like nothing."""
    noise = torch.rand(
        count, interface.channels, SIDE, SIDE, generator=torch.Generator().manual_seed(0)
    )
    return noise * 2 - 1, _conditions(interface, count)


def _conditions(interface: Interface, count: int = IMAGES) -> NDArray[np.float32]:
    """Set one entry of each group: [count, K]."""
    rows = np.zeros((count, interface.condition.size), np.float32)
    for place in interface.condition.slices.values():
        size = place.stop - place.start
        rows[np.arange(count), place.start + np.arange(count) % size] = 1
    return rows
