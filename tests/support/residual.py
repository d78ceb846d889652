"""`sagan-resnet` and its inputs, for tests."""

from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from ganx.config import validated
from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks
from ganx.layers.attention import SelfAttention
from ganx.layers.conditioning import ConditionalBatchNorm2d
from ganx_sagan.resnet import build
from ganx_sagan.resnet_config import SaganResnetConfig

LABELS = Condition("labels", (Group("object", tuple(f"object {i}" for i in range(24))),))
CLASSES = Condition("classes", (Group("digit", tuple("0123456789")),))
ATTRIBUTES = Condition(
    "attributes", (Group("hair", ("pink", "blue")), Group("eyes", ("red", "green", "gray")))
)
CONDITIONS = [UNCONDITIONAL, CLASSES, LABELS, ATTRIBUTES]


def networks(
    resolution: int = 64, channels: int = 3, condition: Condition = LABELS, **settings: Any
) -> Networks:
    torch.manual_seed(0)
    config = validated(SaganResnetConfig, settings, "model")
    return build(Interface(resolution, channels, condition), config)


@cache
def full() -> Networks:
    """Build at full width for 64 pixels; to be looked at, not to be changed."""
    return networks()


def inputs(count: int, condition: Condition, size: int = 128) -> tuple[Tensor, Tensor]:
    c = torch.zeros(count, condition.size)
    for group in condition.slices.values():
        c[:, group.start] = 1
    return torch.randn(count, size), c


def teach_labels(generator: nn.Module) -> None:
    """Move the tables of conditional batch norm away from their zeros."""
    for layer in generator.modules():
        if isinstance(layer, ConditionalBatchNorm2d):
            assert layer.gain is not None
            assert layer.shift is not None
            nn.init.normal_(layer.gain.weight, std=0.3)
            nn.init.normal_(layer.shift.weight, std=0.3)


def generators_maps(pair: Networks, width: int) -> list[tuple[int, int, bool]]:
    """List inputs and outputs of G's blocks, in widths, and where attention follows."""
    return [
        (
            block.skip.in_channels // width,
            block.skip.out_channels // width,
            isinstance(block.attention, SelfAttention),
        )
        for block in pair.generator.blocks
    ]


def discriminators_maps(pair: Networks, width: int) -> list[int | str]:
    """List the outputs of D's blocks, in widths, and the attention between them."""
    return [
        "attention" if isinstance(layer, SelfAttention) else layer.conv2.out_channels // width
        for layer in (*pair.discriminator.layers, pair.discriminator.last)
    ]
