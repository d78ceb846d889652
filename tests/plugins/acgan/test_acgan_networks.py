from itertools import pairwise
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from ganx.config import validated
from ganx.contracts.condition import Condition, Group
from ganx.contracts.interface import Interface
from ganx.contracts.latent import LatentPart
from ganx.contracts.networks import Networks
from ganx_acgan.config import AcganConfig
from ganx_acgan.networks import build
from ganx_acgan.plugin import ganx_recipes

HAIR = tuple(f"hair {i}" for i in range(12))
EYES = tuple(f"eyes {i}" for i in range(11))
FACES = Condition("attributes", (Group("hair", HAIR), Group("eyes", EYES)))
LABELS = Condition("labels", (Group("object", tuple(f"object {i}" for i in range(24))),))
CLASSES = Condition("classes", (Group("digit", tuple("0123456789")),))
CONDITIONS = [FACES, LABELS, CLASSES]

RECIPES = {recipe.name: recipe.settings for recipe in ganx_recipes()}


def networks(
    resolution: int = 64, channels: int = 3, condition: Condition = FACES, **settings: Any
) -> Networks:
    torch.manual_seed(0)
    config = validated(AcganConfig, settings, "model")
    return build(Interface(resolution, channels, condition), config)


def of_recipe(name: str, condition: Condition) -> Networks:
    settings = dict(RECIPES[name]["model"])
    assert settings.pop("name") == "acgan"
    return networks(64, 3, condition, **settings)


def inputs(count: int, condition: Condition) -> tuple[Tensor, Tensor]:
    c = torch.zeros(count, condition.size)
    for group in condition.slices.values():
        c[:, group.start] = 1
    return torch.randn(count, 100), c


def told(layer: nn.Module) -> str:
    """Write a layer as the architecture's table does."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        kind = "ConvT" if isinstance(layer, nn.ConvTranspose2d) else "Conv"
        bias = "" if layer.bias is not None else " no bias"
        sizes = f"{layer.in_channels}->{layer.out_channels}, {layer.kernel_size[0]}"
        return f"{kind}({sizes}, {layer.stride[0]}, {layer.padding[0]}){bias}"
    if isinstance(layer, nn.BatchNorm2d):
        return f"BN({layer.num_features}, {layer.momentum}, {layer.eps})"
    if isinstance(layer, nn.LeakyReLU):
        return f"LeakyReLU({layer.negative_slope})"
    if isinstance(layer, nn.ZeroPad2d):
        return f"pad{layer.padding}"
    if isinstance(layer, nn.Linear):
        bias = "" if layer.bias is not None else " no bias"
        return f"Linear({layer.in_features}->{layer.out_features}){bias}"
    return {nn.Tanh: "Tanh"}[type(layer)]


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.fixture(scope="module")
def faces() -> Networks:
    return of_recipe("acgan", FACES)


def generator_table(inputs: int) -> list[str]:
    leaky = "LeakyReLU(0.2)"
    return [
        *(f"ConvT({inputs}->512, 4, 1, 0)", "BN(512, 0.5, 0.001)", leaky),
        *("ConvT(512->256, 4, 2, 1)", "BN(256, 0.5, 0.001)", leaky),
        *("ConvT(256->128, 4, 2, 1)", "BN(128, 0.5, 0.001)", leaky),
        *("ConvT(128->64, 4, 2, 1)", "BN(64, 0.5, 0.001)", leaky),
        *("ConvT(64->64, 3, 1, 1)", "BN(64, 0.5, 0.001)", leaky),
        *("ConvT(64->3, 4, 2, 1)", "Tanh"),
    ]


def test_the_generator_is_the_reports_layer_by_layer(faces: Networks) -> None:
    tables = [told(table) for table in faces.generator.condition.tables]
    assert tables == ["Linear(12->5) no bias", "Linear(11->5) no bias"]
    assert [told(layer) for layer in faces.generator.layers] == generator_table(110)


def test_the_discriminator_is_the_reports_layer_by_layer(faces: Networks) -> None:
    pad, leaky = "pad(0, 1, 0, 1)", "LeakyReLU(0.2)"
    assert [told(layer) for layer in faces.discriminator.layers] == [
        *(pad, "Conv(3->64, 3, 2, 0)", leaky),
        *(pad, "Conv(64->128, 3, 2, 0)", "BN(128, 0.5, 0.001)", leaky),
        *(pad, "Conv(128->256, 3, 2, 0)", "BN(256, 0.5, 0.001)", leaky),
        *(pad, "Conv(256->512, 3, 2, 0)", "BN(512, 0.5, 0.001)", leaky),
        *(pad, "Conv(512->1024, 3, 2, 0)", "BN(1024, 0.5, 0.001)", leaky),
    ]
    assert told(faces.discriminator.source) == "Linear(4096->1)"
    assert told(faces.discriminator.classes) == "Linear(4096->23)"


def test_with_i_clevr_each_object_has_100_features_and_a_logit() -> None:
    scenes = of_recipe("acgan-iclevr", LABELS)
    assert [told(table) for table in scenes.generator.condition.tables] == [
        "Linear(24->100) no bias"
    ]
    assert [told(layer) for layer in scenes.generator.layers] == generator_table(200)
    assert told(scenes.discriminator.classes) == "Linear(4096->24)"


def test_the_latent_is_normal_noise(faces: Networks) -> None:
    assert faces.latent.parts == (LatentPart("noise", "normal", 100),)


def convolution(inputs: int, outputs: int, kernel: int) -> int:
    return inputs * outputs * kernel**2 + outputs


def test_the_parameter_counts_follow_from_the_layers(faces: Networks) -> None:
    widths = (110, 512, 256, 128, 64)
    blocks = sum(convolution(a, b, 4) + 2 * b for a, b in pairwise(widths))
    last = convolution(64, 64, 3) + 2 * 64 + convolution(64, 3, 4)
    assert count(faces.generator) == (12 + 11) * 5 + blocks + last == 3_696_758
    widths = (3, 64, 128, 256, 512, 1024)
    blocks = sum(convolution(a, b, 3) + 2 * b * (a > 3) for a, b in pairwise(widths))
    heads = 4096 + 1 + (4096 + 1) * 23
    assert count(faces.discriminator) == blocks + heads == 6_372_760


@pytest.mark.parametrize("side", [8, 6])
def test_padding_at_stride_two_is_that_of_keras(side: int) -> None:
    # Keras' rule: of the total, half is before, rounded down, and the rest after.
    outputs = -(-side // 2)
    total = (outputs - 1) * 2 + 3 - side
    before, after = total // 2, total - total // 2
    assert (before, after) == (0, 1)
    image = torch.arange(side * side, dtype=torch.float32).reshape(1, 1, side, side)
    framed = torch.zeros(1, 1, side + total, side + total)
    framed[:, :, before : side + before, before : side + before] = image
    kernel = torch.randn(4, 1, 3, 3)
    expected = nn.functional.conv2d(framed, kernel, stride=2)
    pad, first = networks(32, 1, width=4).discriminator.layers[:2]
    with torch.no_grad():
        first.weight.copy_(kernel)
        assert torch.equal(first(pad(image)), expected)
    assert expected.shape[-1] == outputs


def test_padding_on_a_hand_computed_image() -> None:
    pad, first = networks(32, 1, width=1).discriminator.layers[:2]
    with torch.no_grad():
        first.weight.fill_(1.0)
    image = torch.tensor([[[[1.0, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]]])
    # Windows begin at rows and columns 0 and 2; the zeros are row 4 and column 4.
    top = (1 + 2 + 3 + 5 + 6 + 7 + 9 + 10 + 11, 3 + 4 + 7 + 8 + 11 + 12)
    bottom = (9 + 10 + 11 + 13 + 14 + 15, 11 + 12 + 15 + 16)
    assert first(pad(image)).tolist() == [[[[*top], [*bottom]]]]
    symmetric = networks(32, 1, width=1, padding="symmetric").discriminator.layers[0]
    with torch.no_grad():
        symmetric.weight.fill_(1.0)
    # Windows begin at -1 and 1; the zeros are row -1 and column -1.
    top = (1 + 2 + 5 + 6, 2 + 3 + 4 + 6 + 7 + 8)
    bottom = (5 + 6 + 9 + 10 + 13 + 14, 6 + 7 + 8 + 10 + 11 + 12 + 14 + 15 + 16)
    assert symmetric(image).tolist() == [[[[*top], [*bottom]]]]


def test_symmetric_padding_is_a_setting() -> None:
    layers = networks(32, padding="symmetric").discriminator.layers
    found = [told(layer) for layer in layers if isinstance(layer, nn.Conv2d)]
    assert found[:2] == ["Conv(3->64, 3, 2, 1)", "Conv(64->128, 3, 2, 1)"]
    assert not any(isinstance(layer, nn.ZeroPad2d) for layer in layers)


def test_the_momentum_is_a_setting_of_both_networks() -> None:
    pair = networks(32, width=8, momentum=0.1)
    norms = [
        layer
        for network in pair.modules().values()
        for layer in network.modules()
        if isinstance(layer, nn.BatchNorm2d)
    ]
    assert len(norms) == 7
    assert {norm.momentum for norm in norms} == {0.1}


def test_weights_start_as_glorots_and_biases_at_zero(faces: Networks) -> None:
    for network in faces.modules().values():
        for layer in network.modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
                check_glorot(layer.weight, layer.weight[0, 0].numel())
                assert not layer.bias.any()
            if isinstance(layer, nn.Linear) and layer.bias is not None:
                check_glorot(layer.weight, 1)
                assert not layer.bias.any()


def check_glorot(weight: Tensor, taps: int) -> None:
    limit = (6 / (taps * (weight.shape[0] + weight.shape[1]))) ** 0.5
    assert 0.99 * limit < float(weight.detach().abs().max()) <= limit
    assert float(weight.detach().std()) == pytest.approx(limit / 3**0.5, rel=0.05)


@pytest.mark.parametrize("resolution", [32, 64, 128, 256])
@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.kind)
def test_every_supported_form_makes_judges_and_classifies_images(
    resolution: int, condition: Condition
) -> None:
    channels = (resolution.bit_length() + CONDITIONS.index(condition)) % 4 + 1
    pair = networks(resolution, channels, condition, width=4)
    z, c = inputs(2, condition)
    with torch.no_grad():
        images = pair.generator(z, c)
        score, aux = pair.discriminator(images, c)
    assert images.shape == (2, channels, resolution, resolution)
    assert images.abs().max() <= 1
    assert score.shape == (2,)
    assert {name: head.shape for name, head in aux.items()} == {"condition": (2, condition.size)}


@pytest.mark.parametrize(
    ("resolution", "drawn", "judged"),
    [
        (32, (256, 128, 64, 64), (64, 128, 256, 512)),
        (128, (512, 512, 256, 128, 64, 64), (64, 128, 256, 512, 1024, 1024)),
    ],
)
def test_other_resolutions_have_other_numbers_of_blocks(
    resolution: int, drawn: tuple[int, ...], judged: tuple[int, ...]
) -> None:
    pair = networks(resolution)
    layers = pair.generator.layers
    assert tuple(layer.num_features for layer in layers if hasattr(layer, "eps")) == drawn
    layers = pair.discriminator.layers
    assert tuple(layer.out_channels for layer in layers if hasattr(layer, "stride")) == judged
    assert pair.discriminator.source.in_features == 4 * judged[-1]


def test_the_discriminator_is_not_told_what_it_must_name() -> None:
    discriminator = networks(32, width=8).discriminator.eval()
    images, (_, c) = torch.randn(2, 3, 32, 32), inputs(2, FACES)
    told_, other, untold = (
        discriminator(images, c),
        discriminator(images, 1 - c),
        discriminator(images),
    )
    assert torch.equal(told_.aux["condition"], other.aux["condition"])
    assert torch.equal(told_.score, other.score)
    assert torch.equal(told_.score, untold.score)


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.kind)
def test_a_changed_label_of_any_group_changes_the_image(condition: Condition) -> None:
    generator = networks(32, 3, condition, width=8).generator.eval()
    z, c = inputs(1, condition)
    with torch.no_grad():
        before = generator(z, c)
        for where in condition.slices.values():
            other = c.clone()
            other[:, where.start : where.start + 2] = torch.tensor([0.0, 1.0])
            assert not torch.equal(generator(z, other), before)


def test_several_labels_at_once_have_the_sum_of_their_features() -> None:
    table = networks(32, 3, LABELS, width=8, condition_features=6).generator.condition
    each = table(torch.eye(24))
    both = torch.zeros(1, 24)
    both[0, [3, 20]] = 1
    assert torch.allclose(table(both)[0], each[3] + each[20])


def test_both_heads_teach_the_layers_that_they_share() -> None:
    pair = networks(32, width=8)
    critique = pair.discriminator(torch.randn(4, 3, 32, 32))
    shared = list(pair.discriminator.layers.parameters())
    for head in (critique.score, critique.aux["condition"]):
        weights = torch.randn(head.shape)
        gradients = torch.autograd.grad((head * weights).sum(), shared, retain_graph=True)
        assert all(gradient.any() for gradient in gradients)
