"""The SAGAN paper's residual form: its layers and their numbers."""

from itertools import pairwise

import pytest
from residual import (
    discriminators_maps,
    full,
    generators_maps,
    networks,
)
from torch import nn
from torch.nn.utils import parametrize

from ganx.layers.attention import SelfAttention
from ganx.layers.conditioning import ConditionalBatchNorm2d


def told(layer: nn.Module) -> str:
    """Write a layer as the architecture's table does."""
    norm = "SN " if parametrize.is_parametrized(layer, "weight") else ""
    if isinstance(layer, nn.Conv2d):
        bias = "" if layer.bias is None else " + bias"
        return (
            f"{norm}Conv({layer.in_channels}->{layer.out_channels}, {layer.kernel_size[0]}){bias}"
        )
    if isinstance(layer, nn.Linear):
        bias = "" if layer.bias is None else " + bias"
        return f"{norm}Linear({layer.in_features}->{layer.out_features}){bias}"
    if isinstance(layer, ConditionalBatchNorm2d):
        return f"cBN({layer.norm.num_features})"
    if isinstance(layer, nn.BatchNorm2d):
        return f"BN({layer.num_features})"
    return {nn.ReLU: "ReLU", nn.Upsample: "double", nn.AvgPool2d: "halve", nn.Identity: "-"}[
        type(layer)
    ]


def children(block: nn.Module) -> dict[str, str]:
    """Write the layers of a block, its attention as the number of channels it looks at."""
    return {
        name: f"attention({layer.value.out_channels})"
        if isinstance(layer, SelfAttention)
        else told(layer)
        for name, layer in block.named_children()
    }


def test_at_128_pixels_the_channels_and_the_attention_are_the_papers() -> None:
    pair = networks(128, width=2)
    assert pair.generator.expand.out_features == 16 * 2 * 4 * 4
    assert generators_maps(pair, 2) == [
        *((16, 16, False), (16, 8, False), (8, 4, True), (4, 2, False), (2, 1, False))
    ]
    assert discriminators_maps(pair, 2) == [1, 2, "attention", 4, 8, 16, 16]


@pytest.mark.parametrize(
    ("resolution", "ups", "attended", "downs"),
    [
        (32, (8, 4, 2, 1), 16, [1, "attention", 2, 4, 8]),
        (64, (16, 8, 4, 2, 1), 32, [1, "attention", 2, 4, 8, 16]),
        (256, (16, 16, 16, 8, 4, 2, 1), 32, [1, 2, 4, "attention", 8, 16, 16, 16]),
    ],
)
def test_other_sizes_have_fewer_or_more_blocks_at_the_small_end(
    resolution: int, ups: tuple[int, ...], attended: int, downs: list[int | str]
) -> None:
    pair = networks(resolution, width=2)
    sides = [8 * 2**i for i in range(len(ups) - 1)]
    expected = [(*edge, side == attended) for edge, side in zip(pairwise(ups), sides, strict=True)]
    assert generators_maps(pair, 2) == expected
    assert discriminators_maps(pair, 2) == downs
    assert pair.discriminator.judge.in_features == 2 * ups[0]


def test_the_generators_layers_are_the_papers_without_biases_that_its_norms_remove() -> None:
    generator = full().generator
    assert told(generator.expand) == "SN Linear(128->16384) + bias"
    assert children(generator.blocks[2]) == {
        "norm1": "cBN(256)",
        "conv1": "SN Conv(256->128, 3)",
        "norm2": "cBN(128)",
        "conv2": "SN Conv(128->128, 3)",
        "skip": "SN Conv(256->128, 1)",
        "activation": "ReLU",
        "upsample": "double",
        "attention": "attention(128)",
    }
    assert [told(generator.norm), told(generator.paint)] == ["BN(64)", "SN Conv(64->3, 3) + bias"]
    attention = generator.blocks[2].attention
    projections = [told(attention.query), told(attention.key), told(attention.value)]
    assert projections == [*["SN Conv(128->16, 1)"] * 2, "SN Conv(128->128, 1)"]


def test_the_discriminators_layers_are_the_papers() -> None:
    discriminator = full().discriminator
    assert children(discriminator.layers[0]) == {
        "opening": "-",
        "conv1": "SN Conv(3->64, 3) + bias",
        "activation": "ReLU",
        "conv2": "SN Conv(64->64, 3) + bias",
        "pool": "halve",
        "skip": "SN Conv(3->64, 1) + bias",
    }
    assert children(discriminator.layers[2]) == {
        "opening": "ReLU",
        "conv1": "SN Conv(64->128, 3) + bias",
        "activation": "ReLU",
        "conv2": "SN Conv(128->128, 3) + bias",
        "pool": "halve",
        "skip": "SN Conv(64->128, 1) + bias",
    }
    assert children(discriminator.last)["pool"] == "-"
    assert told(discriminator.judge) == "SN Linear(1024->1) + bias"
    assert told(discriminator.projection.table) == "SN Linear(24->1024)"


def test_the_last_block_has_a_convolution_on_its_skip_only_where_channels_change() -> None:
    assert children(networks(128, width=2).discriminator.last)["skip"] == "-"
    assert children(full().discriminator.last)["skip"] == "SN Conv(512->1024, 1) + bias"


def convolution(inputs: int, outputs: int, kernel: int, *, bias: bool = False) -> int:
    return inputs * outputs * kernel**2 + bias * outputs


def attention(channels: int) -> int:
    return 2 * channels * (channels // 8) + channels * channels + 1


def up(inputs: int, outputs: int) -> int:
    tables = 2 * 24 * (inputs + outputs)
    three = convolution(inputs, outputs, 3) + convolution(outputs, outputs, 3)
    return tables + three + convolution(inputs, outputs, 1)


def down(inputs: int, outputs: int, *, skip: bool = True) -> int:
    three = convolution(inputs, outputs, 3, bias=True) + convolution(outputs, outputs, 3, bias=True)
    return three + skip * convolution(inputs, outputs, 1, bias=True)


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def test_the_parameter_counts_at_64_pixels_follow_from_the_layers() -> None:
    widths = (1024, 512, 256, 128, 64)
    generator = 128 * 16_384 + 16_384 + sum(up(a, b) for a, b in pairwise(widths))
    generator += attention(128) + 2 * 64 + convolution(64, 3, 3, bias=True)
    assert count(full().generator) == generator == 12_370_756
    discriminator = sum(down(a, b) for a, b in pairwise((3, *widths[::-1])))
    discriminator += attention(64) + 1024 + 1 + 24 * 1024
    assert count(full().discriminator) == discriminator == 19_572_418


def test_the_parameter_counts_at_128_pixels_follow_from_the_layers() -> None:
    pair = networks(128)
    widths = (1024, 1024, 512, 256, 128, 64)
    generator = 128 * 16_384 + 16_384 + sum(up(a, b) for a, b in pairwise(widths))
    generator += attention(256) + 2 * 64 + convolution(64, 3, 3, bias=True)
    assert count(pair.generator) == generator == 32_453_444
    discriminator = sum(down(a, b) for a, b in pairwise((3, 64, 128, 256, 512, 1024)))
    discriminator += down(1024, 1024, skip=False) + attention(128) + 1024 + 1 + 24 * 1024
    assert count(pair.discriminator) == discriminator == 38_464_194
