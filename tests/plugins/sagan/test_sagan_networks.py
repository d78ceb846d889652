import copy
from itertools import pairwise
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from ganx.builtin.losses.penalties import gradient_norms
from ganx.config import validated
from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks, critique_of, generate
from ganx.errors import ConfigError
from ganx.layers.attention import SelfAttention
from ganx.layers.spectral_norm import bake
from ganx_sagan.config import SaganConfig
from ganx_sagan.networks import build

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
    config = validated(SaganConfig, settings, "model")
    return build(Interface(resolution, channels, condition), config)


def inputs(count: int, condition: Condition, size: int = 100) -> tuple[Tensor, Tensor]:
    c = torch.zeros(count, condition.size)
    for group in condition.slices.values():
        c[:, group.start] = 1
    return torch.randn(count, size), c


def told(layer: nn.Module) -> str:
    """Write a layer as the architecture's table does."""
    norm = "SN " if parametrize.is_parametrized(layer) else ""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        kind = "ConvT" if isinstance(layer, nn.ConvTranspose2d) else "Conv"
        bias = "" if layer.bias is not None else " no bias"
        sizes = f"{layer.in_channels}->{layer.out_channels}, {layer.kernel_size[0]}"
        return f"{norm}{kind}({sizes}, {layer.stride[0]}, {layer.padding[0]}){bias}"
    if isinstance(layer, nn.Linear):
        return f"{norm}Linear({layer.in_features}->{layer.out_features})"
    if isinstance(layer, nn.LeakyReLU):
        return f"LeakyReLU({layer.negative_slope})"
    if isinstance(layer, SelfAttention):
        return f"attention({layer.value.out_channels})"
    return {nn.BatchNorm2d: "BN", nn.ReLU: "ReLU", nn.Tanh: "Tanh"}[type(layer)]


def table(network: nn.Module, condition: str) -> list[str]:
    entry = getattr(network, condition)
    return [told(layer) for layer in (entry.linear, entry.activation, *network.layers)]


def test_the_generator_is_the_reports_layer_by_layer() -> None:
    assert table(networks().generator, "condition") == [
        *("Linear(24->100)", "LeakyReLU(0.01)"),
        *("SN ConvT(200->512, 4, 1, 0)", "BN", "ReLU"),
        *("SN ConvT(512->256, 4, 2, 1)", "BN", "ReLU"),
        *("SN ConvT(256->128, 4, 2, 1)", "BN", "ReLU", "attention(128)"),
        *("SN ConvT(128->64, 4, 2, 1)", "BN", "ReLU", "attention(64)"),
        *("ConvT(64->3, 4, 2, 1)", "Tanh"),
    ]


def test_the_discriminator_is_the_reports_layer_by_layer() -> None:
    assert table(networks().discriminator, "plane") == [
        *("Linear(24->4096)", "LeakyReLU(0.01)"),
        *("SN Conv(4->64, 4, 2, 1)", "LeakyReLU(0.1)"),
        *("SN Conv(64->128, 4, 2, 1)", "LeakyReLU(0.1)"),
        *("SN Conv(128->256, 4, 2, 1)", "LeakyReLU(0.1)", "attention(256)"),
        *("SN Conv(256->512, 4, 2, 1)", "LeakyReLU(0.1)", "attention(512)"),
        "Conv(512->1, 4, 1, 0)",
    ]


def linear(inputs: int, outputs: int) -> int:
    return inputs * outputs + outputs


def convolution(inputs: int, outputs: int, kernel: int = 4) -> int:
    return inputs * outputs * kernel**2 + outputs


def attention(channels: int) -> int:
    narrow = convolution(channels, channels // 8, 1)
    return 2 * narrow + convolution(channels, channels, 1) + 1


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def test_the_parameter_counts_follow_from_the_layers() -> None:
    widths = (200, 512, 256, 128, 64)
    blocks = sum(convolution(a, b) + 2 * b for a, b in pairwise(widths))
    generator = linear(24, 100) + blocks + attention(128) + attention(64) + convolution(64, 3)
    widths = (4, 64, 128, 256, 512)
    blocks = sum(convolution(a, b) for a, b in pairwise(widths))
    head = attention(256) + attention(512) + convolution(512, 1)
    assert count(networks().generator) == generator == 4_425_209
    assert count(networks().discriminator) == linear(24, 4096) + blocks + head == 3_278_723


@pytest.mark.parametrize("resolution", [32, 64, 128, 256])
@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.kind)
def test_every_supported_form_makes_and_judges_images(
    resolution: int, condition: Condition
) -> None:
    # Each number of channels meets each resolution and each kind of condition once.
    channels = (resolution.bit_length() + CONDITIONS.index(condition)) % 4 + 1
    pair = networks(resolution, channels, condition, width=8)
    z, c = inputs(2, condition)
    with torch.no_grad():
        images = generate(pair.generator, z, c)
        critique = critique_of(pair.discriminator, images, c)
    assert images.shape == (2, channels, resolution, resolution)
    assert images.abs().max() <= 1
    assert critique.score.shape == (2,)
    assert critique.aux == {}


@pytest.mark.parametrize(
    ("resolution", "widths"),
    [(32, (256, 128, 64)), (64, (512, 256, 128, 64)), (128, (512, 512, 256, 128, 64))],
)
def test_the_width_doubles_with_each_halving_up_to_eightfold(
    resolution: int, widths: tuple[int, ...]
) -> None:
    pair = networks(resolution)
    found = [layer.num_features for layer in pair.generator.layers if hasattr(layer, "eps")]
    assert tuple(found) == widths
    judged = [layer.out_channels for layer in pair.discriminator.layers if hasattr(layer, "stride")]
    assert tuple(judged) == (*widths[::-1], 1)


@pytest.mark.parametrize("condition", [UNCONDITIONAL, LABELS])
def test_every_parameter_gets_a_gradient(condition: Condition) -> None:
    pair = networks(32, 3, condition, width=8)
    for layer in (*pair.generator.modules(), *pair.discriminator.modules()):
        if isinstance(layer, SelfAttention):
            nn.init.ones_(layer.gamma)
    z, c = inputs(4, condition)
    images = generate(pair.generator, z, c)
    critique_of(pair.discriminator, images, c).score.sum().backward()
    for network in pair.modules().values():
        for name, parameter in network.named_parameters():
            assert parameter.grad is not None, name


def test_a_gradient_penalty_goes_through_attention_and_spectral_norm() -> None:
    settings = {"width": 8, "discriminator_attention": [16, 8, 4]}
    discriminator = networks(32, 3, LABELS, **settings).discriminator
    for layer in discriminator.layers:
        if isinstance(layer, SelfAttention):
            nn.init.ones_(layer.gamma)
    _, c = inputs(2, LABELS)
    gradient_norms(discriminator, torch.randn(2, 3, 32, 32), c).square().mean().backward()
    for layer in discriminator.layers:
        for parameter in layer.parameters():
            if parameter.ndim > 1:
                assert parameter.grad is not None
                assert parameter.grad.abs().sum() > 0


def test_another_label_gives_another_image_and_another_judgement() -> None:
    pair = networks(32, width=8)
    z, first = inputs(2, LABELS)
    second = torch.zeros_like(first)
    second[:, 5] = 1
    generator, discriminator = pair.generator.eval(), pair.discriminator.eval()
    with torch.no_grad():
        images = generator(z, first)
        assert (images - generator(z, second)).abs().max() > 1e-3
        scores = discriminator(images, first).score, discriminator(images, second).score
    assert (scores[0] - scores[1]).abs().max() > 1e-4


def test_an_unconditional_pair_has_neither_linear_layer_nor_plane() -> None:
    pair = networks(32, 3, UNCONDITIONAL, width=8)
    for network in pair.modules().values():
        assert not any(isinstance(layer, nn.Linear) for layer in network.modules())
    assert pair.discriminator.layers[0].in_channels == 3
    assert pair.generator.layers[0].in_channels == pair.latent.size == 100


def test_settings_change_what_they_name() -> None:
    pair = networks(
        64,
        width=8,
        latent_size=12,
        condition_features=5,
        generator_attention=[],
        discriminator_attention=[32],
        spectral_norm_generator=False,
    )
    assert pair.latent.size == 12
    assert pair.generator.layers[0].in_channels == 17
    assert not any(isinstance(layer, SelfAttention) for layer in pair.generator.layers)
    assert not any(parametrize.is_parametrized(layer) for layer in pair.generator.layers)
    assert isinstance(pair.discriminator.layers[2], SelfAttention)
    assert parametrize.is_parametrized(pair.discriminator.layers[0])
    plain = networks(32, width=8, spectral_norm_discriminator=False).discriminator
    assert not any(parametrize.is_parametrized(layer) for layer in plain.layers)


def test_a_baked_copy_makes_the_same_images() -> None:
    generator = networks(32, width=8).generator.eval()
    z, c = inputs(3, LABELS)
    with torch.no_grad():
        assert torch.equal(bake(copy.deepcopy(generator))(z, c), generator(z, c))


def test_networks_can_be_counted_without_memory_for_them() -> None:
    with torch.device("meta"):
        pair = networks(256)
    assert next(pair.generator.parameters()).is_meta
    assert count(pair.generator) == count(networks(256).generator)


@pytest.mark.parametrize("resolution", [16, 48, 512])
def test_another_resolution_is_refused_with_those_that_exist(resolution: int) -> None:
    with pytest.raises(ConfigError, match=rf"32, 64, 128, 256 pixels, not {resolution}"):
        networks(resolution)


@pytest.mark.parametrize("channels", [0, 5])
def test_another_number_of_channels_is_refused(channels: int) -> None:
    with pytest.raises(ConfigError, match=f"1 to 4 channels, not {channels}"):
        networks(64, channels)


@pytest.mark.parametrize("setting", ["generator_attention", "discriminator_attention"])
def test_attention_where_no_feature_map_is_names_those_that_exist(setting: str) -> None:
    with pytest.raises(ConfigError, match=rf"'model\.{setting}' .* 64x64.*(4, 8|32, 16)"):
        networks(64, **{setting: [8, 64]})


@pytest.mark.parametrize(
    "values", [{"width": 0}, {"latent_size": 0}, {"condition_features": 0}, {"widht": 64}]
)
def test_wrong_settings_are_named(values: dict[str, int]) -> None:
    with pytest.raises(ConfigError, match=rf"'model\.{next(iter(values))}'"):
        networks(64, **values)
