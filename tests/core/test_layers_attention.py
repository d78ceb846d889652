import math

import pytest
import torch
from torch import Tensor, nn

from ganx.layers.attention import SelfAttention


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


def test_a_learning_layer_has_a_second_derivative() -> None:
    attention, images = layer(), torch.randn(1, 16, 4, 4, requires_grad=True)
    (gradient,) = torch.autograd.grad(attention(images).sum(), images, create_graph=True)
    gradient.square().sum().backward()
    assert attention.query.weight.grad is not None
    assert attention.query.weight.grad.abs().sum() > 0


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
