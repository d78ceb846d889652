"""The styled generator: what noise and labels decide, and where norms and attention are."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu
from torch.nn.utils import parametrize

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.layers.attention import SelfAttention
from ganx.layers.styled import STYLED_SIDES, Style, StyledBlock, StyledGenerator, StyledNorm

LABELS = Condition("labels", (Group("object", tuple("abcdef")),))


def generator(
    condition: Condition = LABELS,
    resolution: int = 32,
    **options: Any,
) -> StyledGenerator:
    torch.manual_seed(0)
    return StyledGenerator(Interface(resolution, 3, condition), 5, 8, **options)


def styles_input(z: Tensor, c: Tensor | None) -> Tensor:
    """Return what a style's first layer is given."""
    style, seen = Style(z.shape[1] + (0 if c is None else c.shape[1]), 4), []
    style.layers[0].register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    style(z, c)
    return seen[0]


def test_a_label_weighs_three_times_beside_the_noise() -> None:
    z, c = torch.randn(2, 5), torch.eye(6)[:2]
    assert torch.equal(styles_input(z, c), torch.cat([z, 3 * c], dim=1))
    assert torch.equal(styles_input(z, None), z)


def test_a_style_is_two_linear_layers_with_leaky_relus() -> None:
    style, z = Style(5, 4), torch.randn(3, 5)
    first, second = style.layers
    expected = leaky_relu(second(leaky_relu(first(z), 0.2)), 0.2)
    assert torch.equal(style(z, None), expected)


@pytest.mark.parametrize("training", [True, False])
def test_a_styled_norm_is_batch_norm_with_the_styles_gains_and_shifts(training: bool) -> None:
    norm = StyledNorm(3, 4).train(training)
    plain = nn.BatchNorm2d(3, affine=False).train(training)
    features, style = torch.randn(5, 3, 6, 6) * 2 + 1, torch.randn(5, 4)
    decided = norm.decide(style)
    gain, shift = decided[:, :3, None, None], decided[:, 3:, None, None]
    torch.testing.assert_close(norm(features, style), plain(features) * (1 + gain) + shift)


def test_gains_and_shifts_start_small() -> None:
    weights = StyledNorm(400, 200).decide.weight.detach()
    assert float(weights.std()) == pytest.approx(0.3 * (2 / 200) ** 0.5, rel=0.02)


def test_a_block_doubles_the_side_and_refines() -> None:
    block = StyledBlock(4, 6, 5, spectral_norm=False, attention=False).eval()
    features, style = torch.randn(2, 4, 8, 8), torch.randn(2, 5)
    grown = leaky_relu(block.norms[0](block.grow(features), style), 0.2)
    expected = leaky_relu(block.norms[1](block.refine(grown), style), 0.2)
    assert expected.shape == (2, 6, 16, 16)
    assert torch.equal(block(features, style), expected)


@pytest.mark.parametrize("resolution", [32, 64, 128, 256])
@pytest.mark.parametrize("condition", [UNCONDITIONAL, LABELS], ids=lambda one: one.kind)
def test_images_have_their_size_and_stay_within_bounds(
    resolution: int, condition: Condition
) -> None:
    c = torch.eye(6)[:2] if condition.size else None
    images = generator(condition, resolution)(torch.randn(2, 5), c)
    assert images.shape == (2, 3, resolution, resolution)
    assert images.detach().abs().max() <= 1


def test_noise_and_labels_both_reach_the_image() -> None:
    one = generator().eval()
    z, c = torch.randn(2, 5), torch.eye(6)[:2]
    with torch.no_grad():
        image, other = one(z[:1], c[:1]), one(z[1:], c[:1])
        relabelled = one(z[:1], c[1:])
    assert (image - other).abs().mean() > 1e-2
    assert (image - relabelled).abs().mean() > 1e-2


def test_the_first_map_is_the_noises_alone_and_varies_as_much_in_each_place() -> None:
    network = generator()
    first = network.start_norm(network.start(5 + torch.randn(256, 5)))
    torch.testing.assert_close(first.mean(dim=0), torch.zeros(256), atol=1e-4, rtol=0)
    torch.testing.assert_close(first.var(dim=0, correction=0), torch.ones(256), atol=1e-3, rtol=0)
    assert network.start.in_features == 5


def test_the_first_map_reaches_the_blocks() -> None:
    network, seen = generator().eval(), list[Tensor]()
    network.blocks[0].register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    z = torch.randn(3, 5)
    network(z, torch.eye(6)[:3])
    expected = leaky_relu(network.start_norm(network.start(z)), 0.2).view(3, 16, 4, 4)
    assert torch.equal(seen[0], expected)


def test_noise_and_labels_move_every_norm() -> None:
    one = generator()
    z, c = torch.randn(4, 5, requires_grad=True), torch.eye(6)[:4].requires_grad_()
    style = one.style(z, c)
    for norm in (module for module in one.modules() if isinstance(module, StyledNorm)):
        for gradient in torch.autograd.grad(
            norm.decide(style).square().sum(), (z, c), retain_graph=True
        ):
            assert gradient.abs().sum() > 0


def attended(network: StyledGenerator) -> list[int]:
    """List the sides whose block has self-attention."""
    blocks = zip(STYLED_SIDES, network.blocks, strict=True)
    return [side for side, block in blocks if isinstance(block.attention, SelfAttention)]


@pytest.mark.parametrize("sides", [(), (8,), (16,), (32,), (8, 32)])
def test_attention_is_at_the_sides_that_were_asked_for(sides: tuple[int, ...]) -> None:
    network, seen = generator(attention=sides), list[int]()
    for module in network.modules():
        if isinstance(module, SelfAttention):
            module.register_forward_hook(lambda *given: seen.append(given[1][0].shape[-1]))
    network(torch.randn(2, 5), torch.eye(6)[:2])
    assert attended(network) == seen == list(sides)


def test_spectral_norm_is_on_each_convolution_but_the_last() -> None:
    network = generator(spectral_norm=True)
    found = {
        name
        for name, module in network.named_modules()
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear)
        and parametrize.is_parametrized(module)
    }
    assert found == {f"blocks.{i}.{name}" for i in range(3) for name in ("grow", "refine")}


def test_every_parameter_gets_a_gradient() -> None:
    network = generator(attention=STYLED_SIDES)
    for module in network.modules():
        if isinstance(module, SelfAttention):
            nn.init.ones_(module.gamma)
    network(torch.randn(4, 5), torch.eye(6)[:4]).square().sum().backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
