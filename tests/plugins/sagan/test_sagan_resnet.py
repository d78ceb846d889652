"""The SAGAN paper's residual form: its norms, how labels enter it, and what it refuses."""

import copy

import pytest
import torch
from residual import (
    CONDITIONS,
    LABELS,
    discriminators_maps,
    generators_maps,
    inputs,
    networks,
    teach_labels,
)
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import parametrize

from ganx.builtin.losses.penalties import gradient_norms
from ganx.contracts.condition import UNCONDITIONAL, Condition
from ganx.contracts.networks import critique_of, generate
from ganx.errors import ConfigError
from ganx.layers.conditioning import ConditionalBatchNorm2d
from ganx.layers.spectral_norm import bake
from ganx_sagan.resnet_blocks import DownBlock, UpBlock


@pytest.mark.parametrize("resolution", [32, 64, 128, 256])
@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.kind)
def test_every_supported_form_makes_and_judges_images(
    resolution: int, condition: Condition
) -> None:
    # Each number of channels meets each resolution and each kind of condition once.
    channels = (resolution.bit_length() + CONDITIONS.index(condition)) % 4 + 1
    pair = networks(resolution, channels, condition, width=2)
    z, c = inputs(2, condition)
    with torch.no_grad():
        images = generate(pair.generator, z, c)
        critique = critique_of(pair.discriminator, images, c)
    assert images.shape == (2, channels, resolution, resolution)
    assert images.abs().max() <= 1
    assert critique.score.shape == (2,)
    assert critique.aux == {}


def papers_up_block(block: UpBlock, features: Tensor, c: Tensor) -> Tensor:
    """Double first and convolve the skip after that, as the papers' code does."""

    def doubled(maps: Tensor) -> Tensor:
        return maps.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)

    hidden = block.conv1(doubled(block.norm1(features, c).relu()))
    return block.conv2(block.norm2(hidden, c).relu()) + block.skip(doubled(features))


def papers_down_block(block: DownBlock, features: Tensor) -> Tensor:
    """Convolve the skip first and pool it after that, as the papers' code does."""
    hidden = block.conv2(block.conv1(features.relu()).relu())
    return functional.avg_pool2d(hidden, 2) + functional.avg_pool2d(block.skip(features), 2)


def test_residual_blocks_compute_what_the_papers_do() -> None:
    torch.manual_seed(0)
    features, (_, c) = torch.randn(2, 6, 8, 8), inputs(2, LABELS)
    up_block, down_block = UpBlock(24, 6, 4).eval(), DownBlock(6, 4)
    teach_labels(up_block)
    with torch.no_grad():
        torch.testing.assert_close(up_block(features, c), papers_up_block(up_block, features, c))
        torch.testing.assert_close(down_block(features), papers_down_block(down_block, features))


def test_a_bias_inside_the_generators_blocks_would_change_nothing() -> None:
    plain = {"generator_attention": [], "spectral_norm_generator": False}
    generator = networks(32, width=2, **plain).generator.double()
    z, c = (given.double() for given in inputs(4, LABELS))

    def biased(layer: nn.Module, given: tuple[Tensor], made: Tensor) -> Tensor:
        del layer, given
        return made + torch.arange(made.shape[1])[:, None, None]

    with torch.no_grad():
        images = generator(z, c)
        for block in generator.blocks:
            for layer in (block.conv1, block.conv2, block.skip):
                layer.register_forward_hook(biased)
        torch.testing.assert_close(generator(z, c), images, atol=1e-6, rtol=0)


def test_the_score_gains_the_projection_of_every_label() -> None:
    discriminator = networks(32, width=2).discriminator.eval()
    images, nothing = torch.randn(1, 3, 32, 32), torch.zeros(1, 24)
    first, second = nothing.clone(), nothing.clone()
    first[:, 3], second[:, 7] = 1, 1
    with torch.no_grad():
        base = discriminator(images, nothing).score
        gains = [discriminator(images, c).score - base for c in (first, second, first + second)]
        features = discriminator.last(discriminator.layers(images)).relu().sum(dim=(2, 3))
        table = discriminator.projection.table.weight
    torch.testing.assert_close(gains[0] + gains[1], gains[2])
    torch.testing.assert_close(gains[0], features @ table[:, 3])
    assert gains[0].abs() > 1e-3


def test_labels_enter_the_generator_through_its_norms_which_start_without_them() -> None:
    generator = networks(32, width=2).generator.eval()
    z, first = inputs(2, LABELS)
    second = first.roll(5, dims=1)
    with torch.no_grad():
        assert torch.equal(generator(z, first), generator(z, second))
        teach_labels(generator)
        assert (generator(z, first) - generator(z, second)).abs().max() > 1e-2


def test_an_unconditional_pair_has_plain_norms_and_no_projection() -> None:
    pair = networks(32, 3, UNCONDITIONAL, width=2)
    assert pair.discriminator.projection is None
    linear = [layer for layer in pair.generator.modules() if isinstance(layer, nn.Linear)]
    assert linear == [pair.generator.expand]
    assert all(
        layer.affine for layer in pair.generator.modules() if isinstance(layer, nn.BatchNorm2d)
    )


def normalised(network: nn.Module) -> set[bool]:
    """Tell which states convolutions have: with spectral norm, without, or some of both."""
    layers = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d)]
    return {parametrize.is_parametrized(layer, "weight") for layer in layers}


def test_settings_change_what_they_name() -> None:
    pair = networks(
        64,
        width=2,
        latent_size=12,
        generator_attention=[8, 64],
        discriminator_attention=[],
        spectral_norm_generator=False,
    )
    assert pair.latent.size == pair.generator.expand.in_features == 12
    assert [attended for *_, attended in generators_maps(pair, 2)] == [True, False, False, True]
    assert "attention" not in discriminators_maps(pair, 2)
    assert normalised(pair.generator) == {False}
    assert normalised(pair.discriminator) == {True}
    plain = networks(32, width=2, spectral_norm_discriminator=False)
    assert normalised(plain.discriminator) == {False}
    assert normalised(plain.generator) == {True}


def test_the_tables_of_conditional_norm_are_not_normalised() -> None:
    for layer in networks(32, width=2).generator.modules():
        if isinstance(layer, ConditionalBatchNorm2d):
            assert not parametrize.is_parametrized(layer.gain)
            assert not parametrize.is_parametrized(layer.shift)


def test_weights_start_from_glorots_uniform_and_biases_from_0() -> None:
    off = {"spectral_norm_generator": False, "spectral_norm_discriminator": False}
    pair = networks(32, width=8, **off)
    tables = {id(layer.gain) for layer in pair.generator.modules() if hasattr(layer, "gain")}
    tables |= {id(layer.shift) for layer in pair.generator.modules() if hasattr(layer, "shift")}
    for layer in (*pair.generator.modules(), *pair.discriminator.modules()):
        if isinstance(layer, nn.Conv2d | nn.Linear) and id(layer) not in tables:
            area = layer.weight[0, 0].numel()
            bound = (6 / (sum(layer.weight.shape[:2]) * area)) ** 0.5
            assert 0.9 * bound < layer.weight.abs().max() <= bound, layer
            assert layer.bias is None or not layer.bias.any()


def test_a_gradient_penalty_goes_through_every_block_of_the_discriminator() -> None:
    discriminator = networks(32, width=4).discriminator
    nn.init.ones_(discriminator.layers[1].gamma)
    _, c = inputs(2, LABELS)
    gradient_norms(discriminator, torch.randn(2, 3, 32, 32), c).square().mean().backward()
    for name, parameter in discriminator.named_parameters():
        if parameter.ndim > 1:
            assert parameter.grad is not None, name
            assert parameter.grad.abs().sum() > 0, name


def test_a_score_does_not_depend_on_the_images_beside_it() -> None:
    discriminator = networks(32, width=2).discriminator.eval()
    images, (_, c) = torch.randn(3, 3, 32, 32), inputs(3, LABELS)
    with torch.no_grad():
        together = discriminator(images, c).score
        alone = torch.cat([discriminator(images[i : i + 1], c[:1]).score for i in range(3)])
    torch.testing.assert_close(alone, together)


def test_a_baked_copy_makes_the_same_images() -> None:
    generator = networks(32, width=2).generator.eval()
    teach_labels(generator)
    z, c = inputs(3, LABELS)
    with torch.no_grad():
        assert torch.equal(bake(copy.deepcopy(generator))(z, c), generator(z, c))


@pytest.mark.parametrize("resolution", [16, 48, 512])
def test_another_resolution_is_refused_with_those_that_exist(resolution: int) -> None:
    with pytest.raises(ConfigError, match=rf"'sagan-resnet' .* 32, 64, 128, 256 .*{resolution}"):
        networks(resolution)


@pytest.mark.parametrize("channels", [0, 5])
def test_another_number_of_channels_is_refused(channels: int) -> None:
    with pytest.raises(ConfigError, match=f"1 to 4 channels, not {channels}"):
        networks(64, channels)


@pytest.mark.parametrize(
    ("setting", "sides"),
    [("generator_attention", "8, 16, 32, 64"), ("discriminator_attention", "32, 16, 8, 4")],
)
def test_attention_where_no_feature_map_is_names_those_that_exist(setting: str, sides: str) -> None:
    before = torch.manual_seed(0).get_state()
    with pytest.raises(ConfigError, match=rf"'model\.{setting}' .* 128x128.* {sides}\."):
        networks(64, **{setting: [32, 128]})
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("values", [{"width": 0}, {"latent_size": 0}, {"widht": 64}])
def test_wrong_settings_are_named(values: dict[str, int]) -> None:
    with pytest.raises(ConfigError, match=rf"'model\.{next(iter(values))}'"):
        networks(64, **values)
