import math
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from ganx.builtin.losses.penalties import gradient_norms
from ganx.contracts.networks import Critique
from ganx.layers.attention import SelfAttention
from ganx.layers.second_derivative import second_derivative, second_derivative_wanted


def layer(channels: int = 16, gamma: float = 0.7) -> SelfAttention:
    torch.manual_seed(0)
    attention = SelfAttention(channels)
    nn.init.constant_(attention.gamma, gamma)
    return attention


@torch.no_grad()
def naive(attention: SelfAttention, image: Tensor) -> Tensor:
    """Attend for one image [C, H, W], one pair of positions at a time."""
    channels, height, width = image.shape
    query, key, value = (
        convolution(image[None])[0].flatten(1)
        for convolution in (attention.query, attention.key, attention.value)
    )
    out = torch.zeros(channels, height * width)
    for i in range(height * width):
        energies = [math.exp(float(query[:, i] @ key[:, j])) for j in range(height * width)]
        for j, energy in enumerate(energies):
            out[:, i] += energy / sum(energies) * value[:, j]
    return attention.gamma * out.reshape(image.shape) + image


@pytest.mark.parametrize("learning", [False, True])
def test_attention_is_the_softmax_weighted_mean_of_the_values(*, learning: bool) -> None:
    attention, images = layer().requires_grad_(learning), torch.randn(2, 16, 3, 5)
    expected = torch.stack([naive(attention, image) for image in images])
    torch.testing.assert_close(attention(images), expected)


def test_some_images_at_a_time_have_the_value_and_gradient_of_all_at_once() -> None:
    images = torch.randn(5, 16, 8, 8, requires_grad=True)
    whole, pieces = layer().eval(), layer()
    pieces.cached_weights = 2 * 64**2  # two images at a time, and one left over
    with second_derivative():
        expected = torch.autograd.grad(whole(images).square().sum(), images)[0]
        found = torch.autograd.grad(pieces(images).square().sum(), images)[0]
        torch.testing.assert_close(pieces(images), whole(images))
    torch.testing.assert_close(found, expected)


def test_a_new_layer_changes_nothing() -> None:
    images = torch.randn(2, 16, 4, 4)
    assert torch.equal(SelfAttention(16)(images), images)


def test_query_and_key_have_an_eighth_of_the_channels_and_at_least_one() -> None:
    assert layer(64).query.out_channels == layer(64).key.out_channels == 8
    assert layer(4).query.out_channels == 1
    assert layer(64).value.out_channels == 64


class Critic(nn.Module):
    """D(x), the sum of the squares that attention makes of x."""

    def __init__(self, attention: nn.Module) -> None:
        super().__init__()
        self.attention = attention

    def forward(self, images: Tensor) -> Critique:
        return Critique(self.attention(images).square().sum((1, 2, 3)), {})


class Written(nn.Module):
    """The same block in plain products."""

    def __init__(self, block: SelfAttention) -> None:
        super().__init__()
        self.block = block

    def forward(self, images: Tensor) -> Tensor:
        query, key, value = (
            convolution(images).flatten(2)
            for convolution in (self.block.query, self.block.key, self.block.value)
        )
        weights = torch.softmax(query.transpose(1, 2) @ key, dim=-1)
        return self.block.gamma * (value @ weights.transpose(1, 2)).reshape(images.shape) + images


@pytest.mark.parametrize("training", [False, True])
def test_a_gradient_penalty_through_it_has_the_derivatives_of_plain_products(
    *, training: bool
) -> None:
    attention, images = layer().train(training), torch.randn(3, 16, 4, 4)
    images = images.contiguous(memory_format=torch.channels_last)
    found, expected = (
        torch.autograd.grad(
            gradient_norms(Critic(one), images, torch.zeros(3, 0)).square().sum(),
            list(attention.parameters()),
            allow_unused=True,
        )
        for one in (attention, Written(attention))
    )
    for mine, plain in zip(found, expected, strict=True):
        torch.testing.assert_close(mine, plain)
    assert found[1] is not None
    assert found[1].abs().sum() > 0


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[torch.dtype]]:
    """List the calls of the fused kernel."""
    calls, kernel = list[torch.dtype](), functional.scaled_dot_product_attention

    def fused(query: Tensor, *others: Tensor, scale: float) -> Tensor:
        calls.append(query.dtype)
        return kernel(query, *others, scale=scale)

    with monkeypatch.context() as patch:
        patch.setattr(functional, "scaled_dot_product_attention", fused)
        yield calls


def test_the_fused_kernel_learns_unless_a_second_derivative_is_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    images = torch.randn(2, 16, 32, 32)
    with counted(monkeypatch) as calls:
        layer()(images)
        layer().eval()(images)
        with second_derivative():
            layer()(images)
            layer().eval()(images)
    assert len(calls) == 2


def test_a_cpu_learns_in_pieces_in_bfloat16_and_on_small_maps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with counted(monkeypatch) as calls:
        layer()(torch.randn(2, 16, 16, 16))
        with torch.autocast("cpu", torch.bfloat16):
            layer()(torch.randn(1, 16, 32, 32))
            assert not calls
            layer().requires_grad_(False)(torch.randn(1, 16, 32, 32))
    assert calls == [torch.bfloat16]


def test_a_compiled_layer_follows_what_is_wanted() -> None:
    attention, images = layer().eval(), torch.randn(1, 16, 4, 4)
    # For other orders in memory PyTorch takes products, too.
    images = images.to(memory_format=torch.channels_last).requires_grad_()
    compiled = torch.compile(attention, backend="eager", fullgraph=True)
    with second_derivative():
        (gradient,) = torch.autograd.grad(compiled(images).sum(), images, create_graph=True)
    gradient.square().sum().backward()
    (gradient,) = torch.autograd.grad(compiled(images).sum(), images, create_graph=True)
    with pytest.raises(RuntimeError, match="not implemented"):
        gradient.square().sum().backward()


def test_what_is_wanted_ends_with_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), second_derivative():
        int(second_derivative_wanted()) / 0
    assert not second_derivative_wanted()


@pytest.mark.parametrize("learning", [False, True])
def test_features_keep_the_low_precision_of_autocast(*, learning: bool) -> None:
    images = torch.randn(2, 16, 8, 8, dtype=torch.bfloat16)
    with torch.autocast("cpu", torch.bfloat16):
        assert layer().requires_grad_(learning)(images).dtype == torch.bfloat16


@pytest.mark.parametrize("learning", [False, True])
def test_channels_last_stays_channels_last(*, learning: bool) -> None:
    images = torch.randn(2, 16, 8, 8).contiguous(memory_format=torch.channels_last)
    out = layer().requires_grad_(learning)(images)
    assert out.is_contiguous(memory_format=torch.channels_last)
