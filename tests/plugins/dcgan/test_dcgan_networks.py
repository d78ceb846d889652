"""What DCGAN can be built for, what its settings change, and how its weights start."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from ganx.builtin.losses.penalties import gradient_norms
from ganx.config import validated
from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks, critique_of, generate
from ganx.errors import ConfigError
from ganx_dcgan.config import DcganConfig
from ganx_dcgan.networks import build

LABELS = Condition("labels", (Group("object", tuple(f"object {i}" for i in range(24))),))
CLASSES = Condition("classes", (Group("digit", tuple("0123456789")),))
ATTRIBUTES = Condition(
    "attributes", (Group("hair", ("pink", "blue")), Group("eyes", ("red", "green", "gray")))
)
CONDITIONS = [UNCONDITIONAL, CLASSES, LABELS, ATTRIBUTES]
CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d)


def networks(
    resolution: int = 32, channels: int = 3, condition: Condition = LABELS, **settings: Any
) -> Networks:
    torch.manual_seed(0)
    config = validated(DcganConfig, {"width": 8, **settings}, "model")
    return build(Interface(resolution, channels, condition), config)


def inputs(pair: Networks, condition: Condition, count: int = 4) -> tuple[Tensor, Tensor]:
    c = torch.zeros(count, condition.size)
    for group in condition.slices.values():
        c[:, group.start] = 1
    return torch.randn(count, pair.latent.size), c


def layers_of(network: nn.Module, *kinds: type[nn.Module]) -> list[Any]:
    return [layer for layer in network.modules() if isinstance(layer, kinds)]


@pytest.mark.parametrize("resolution", [32, 64, 128, 256])
@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.kind)
def test_every_supported_form_makes_and_judges_images(
    resolution: int, condition: Condition
) -> None:
    # Each number of channels meets each resolution and each kind of condition once.
    channels = (resolution.bit_length() + CONDITIONS.index(condition)) % 4 + 1
    pair = networks(resolution, channels, condition, width=4)
    z, c = inputs(pair, condition, 2)
    with torch.no_grad():
        images = generate(pair.generator, z, c)
        critique = critique_of(pair.discriminator, images, c)
    assert images.shape == (2, channels, resolution, resolution)
    assert images.abs().max() <= 1
    assert critique.score.shape == (2,)
    assert critique.aux == {}


@pytest.mark.parametrize(
    ("resolution", "widths"),
    [(32, (32, 16, 8)), (64, (64, 32, 16, 8)), (128, (64, 64, 32, 16, 8))],
)
def test_the_width_doubles_with_each_halving_up_to_eightfold(
    resolution: int, widths: tuple[int, ...]
) -> None:
    pair = networks(resolution)
    made = [layer.out_channels for layer in layers_of(pair.generator, nn.ConvTranspose2d)]
    judged = [layer.out_channels for layer in layers_of(pair.discriminator, nn.Conv2d)]
    assert made == [*widths, 3]
    assert judged == [*widths[::-1], 1]


def test_an_unconditional_pair_has_neither_linear_layer_nor_plane() -> None:
    pair = networks(condition=UNCONDITIONAL)
    for network in pair.modules().values():
        assert layers_of(network, nn.Linear) == []
    assert layers_of(pair.discriminator, nn.Conv2d)[0].in_channels == 3
    assert layers_of(pair.generator, nn.ConvTranspose2d)[0].in_channels == pair.latent.size == 100


@pytest.mark.parametrize("condition", [CLASSES, LABELS, ATTRIBUTES], ids=lambda one: one.kind)
def test_another_label_gives_another_image_and_another_judgement(condition: Condition) -> None:
    pair = networks(condition=condition)
    z, first = inputs(pair, condition)
    second = torch.zeros_like(first)
    for group in condition.slices.values():
        second[:, group.start + 1] = 1
    generator, discriminator = pair.generator.eval(), pair.discriminator.eval()
    with torch.no_grad():
        images = generator(z, first)
        assert (images - generator(z, second)).abs().max() > 1e-6
        scores = discriminator(images, first).score, discriminator(images, second).score
    assert (scores[0] - scores[1]).abs().min() > 0


@pytest.mark.parametrize("norm", ["batch", "none"])
@pytest.mark.parametrize("condition", [UNCONDITIONAL, LABELS], ids=lambda one: one.kind)
def test_every_parameter_gets_a_gradient(condition: Condition, norm: str) -> None:
    pair = networks(condition=condition, discriminator_norm=norm, discriminator_bias=norm == "none")
    images = generate(pair.generator, *inputs(pair, condition))
    critique_of(pair.discriminator, images, inputs(pair, condition)[1]).score.sum().backward()
    for network in pair.modules().values():
        for name, parameter in network.named_parameters():
            assert parameter.grad is not None, name
            assert parameter.grad.abs().sum() > 0, name


def test_the_discriminators_norm_can_be_left_out_and_is_never_on_its_first_convolution() -> None:
    normed, plain = networks(64), networks(64, discriminator_norm="none")
    widths = [norm.num_features for norm in layers_of(normed.discriminator, nn.BatchNorm2d)]
    assert widths == [16, 32, 64]
    assert layers_of(plain.discriminator, nn.BatchNorm2d) == []
    assert len(layers_of(plain.generator, nn.BatchNorm2d)) == 4


def test_without_norm_the_score_of_an_image_and_its_penalty_are_its_own() -> None:
    discriminator = networks(discriminator_norm="none", init_sigma=0).discriminator
    images, c = torch.randn(3, 3, 32, 32), torch.eye(24)[:3]
    together = gradient_norms(discriminator, images, c)
    alone = torch.cat(
        [gradient_norms(discriminator, images[i : i + 1], c[i : i + 1]) for i in (0, 1, 2)]
    )
    torch.testing.assert_close(together, alone)
    together.square().mean().backward()
    first = layers_of(discriminator, nn.Conv2d)[0]
    assert first.weight.grad.abs().sum() > 0


def test_settings_change_what_they_name() -> None:
    pair = networks(
        64,
        discriminator_width=6,
        latent_size=12,
        noise="uniform",
        condition_features=5,
        discriminator_condition_slope=0.0,
        discriminator_slope=0.3,
        generator_bias=True,
        discriminator_bias=True,
    )
    (part,) = pair.latent.parts
    assert (part.kind, part.size) == ("uniform", 12)
    made = layers_of(pair.generator, nn.ConvTranspose2d)
    judged = layers_of(pair.discriminator, nn.Conv2d)
    assert (made[0].in_channels, made[-1].in_channels) == (17, 8)
    assert judged[0].out_channels == 6
    assert all(layer.bias is not None for layer in made + judged)
    assert len(layers_of(pair.discriminator, nn.ReLU)) == 1
    slopes = {layer.negative_slope for layer in layers_of(pair.discriminator, nn.LeakyReLU)}
    assert slopes == {0.3}


def test_no_convolution_has_a_bias_unless_asked() -> None:
    for network in networks().modules().values():
        assert all(layer.bias is None for layer in layers_of(network, *CONVOLUTIONS))


@pytest.mark.parametrize("sigma", [0.02, 0.2])
def test_weights_start_normal_with_the_set_deviation(sigma: float) -> None:
    for network in networks(width=32, init_sigma=sigma).modules().values():
        for layer in layers_of(network, *CONVOLUTIONS):
            assert float(layer.weight.detach().std()) == pytest.approx(sigma, rel=0.1)
            assert float(layer.weight.detach().mean()) == pytest.approx(0, abs=sigma / 10)
        gains = torch.cat([norm.weight.detach() for norm in layers_of(network, nn.BatchNorm2d)])
        assert float(gains.std()) == pytest.approx(sigma, rel=0.25)
        assert float(gains.mean()) == pytest.approx(1, abs=sigma / 2)
        for norm in layers_of(network, nn.BatchNorm2d):
            assert not norm.bias.any()


def test_a_deviation_of_0_keeps_pytorchs_own_weights() -> None:
    pair = networks(init_sigma=0)
    for network in pair.modules().values():
        assert all((norm.weight == 1).all() for norm in layers_of(network, nn.BatchNorm2d))
    hidden = layers_of(pair.discriminator, nn.Conv2d)[1]
    # PyTorch draws from U(-1/sqrt(fan in), 1/sqrt(fan in)).
    bound = (16 * hidden.in_channels) ** -0.5
    assert hidden.weight.abs().max() <= bound
    assert float(hidden.weight.detach().std()) == pytest.approx(bound / 3**0.5, rel=0.1)


@pytest.mark.parametrize("resolution", [16, 48, 512])
def test_another_resolution_is_refused_with_those_that_exist(resolution: int) -> None:
    with pytest.raises(ConfigError, match=rf"32, 64, 128, 256 pixels, not {resolution}"):
        networks(resolution)


@pytest.mark.parametrize("channels", [0, 5])
def test_another_number_of_channels_is_refused(channels: int) -> None:
    with pytest.raises(ConfigError, match=f"1 to 4 channels, not {channels}"):
        networks(64, channels)


@pytest.mark.parametrize(
    "values",
    [
        *({"width": 0}, {"discriminator_width": 0}, {"latent_size": 0}, {"condition_features": 0}),
        *({"noise": "gamma"}, {"discriminator_norm": "spectral"}, {"discriminator_slope": 1.0}),
        *({"discriminator_condition_slope": -0.1}, {"init_sigma": float("nan")}, {"widht": 64}),
    ],
    ids=lambda values: next(iter(values)),
)
def test_wrong_settings_are_named(values: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=rf"'model\.{next(iter(values))}'"):
        networks(64, **values)
