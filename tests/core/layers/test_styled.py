"""The generator whose maps noise and labels scale and shift."""

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import parametrize

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.layers.attention import SelfAttention
from ganx.layers.spectral_norm import spectral_normalise, unnormalised
from ganx.layers.styled import Style, StyledGenerator, StyledNorm

LABELS = Condition("labels", (Group("object", tuple("abcd")),))


def generator(
    resolution: int = 64, condition: Condition = LABELS, attention: tuple[int, ...] = ()
) -> StyledGenerator:
    torch.manual_seed(0)
    form = Interface(resolution, 3, condition)
    return StyledGenerator(form, 6, 8, unnormalised, attention).eval()


def test_a_style_hears_labels_three_times_as_loud_as_noise() -> None:
    style = Style(6, 5)
    z, c = torch.randn(3, 2), torch.rand(3, 4)
    x = torch.cat([z, 3 * c], dim=1)
    for layer in style.layers:
        x = functional.leaky_relu(layer(x), 0.2)
    assert torch.equal(style(z, c), x)


def test_a_norm_takes_gains_and_shifts_from_the_style() -> None:
    norm, style = StyledNorm(3, 4), torch.randn(2, 4)
    features = torch.randn(2, 3, 5, 5)
    gain, shift = norm.decide(style)[:, :, None, None].chunk(2, dim=1)
    mean = features.mean(dim=(0, 2, 3), keepdim=True)
    deviation = (features.var(dim=(0, 2, 3), keepdim=True, unbiased=False) + 1e-5).sqrt()
    expected = (features - mean) / deviation * (1 + gain) + shift
    assert torch.allclose(norm(features, style), expected, atol=1e-5)


@pytest.mark.parametrize("resolution", [32, 64, 128])
def test_images_have_the_side_that_is_asked_for_and_stay_in_range(resolution: int) -> None:
    images = generator(resolution)(torch.randn(2, 6), torch.eye(4)[:2])
    assert images.shape == (2, 3, resolution, resolution)
    assert images.abs().max() <= 1


def test_noise_and_labels_each_change_the_image() -> None:
    draw, z, c = generator(), torch.randn(2, 6), torch.eye(4)[:2]
    image = draw(z, c)
    assert (draw(z.flip(0), c) - image).abs().max() > 1e-3
    assert (draw(z, c.flip(0)) - image).abs().max() > 1e-3


def test_the_first_map_is_the_noises_alone_and_as_large_in_each_place() -> None:
    draw = generator().train()
    first = draw.start_norm(draw.start(5 + 0.1 * torch.randn(64, 6)))
    assert torch.allclose(first.mean(dim=0), torch.zeros(256), atol=1e-4)
    assert torch.allclose(first.var(dim=0, unbiased=False), torch.ones(256), atol=1e-2)
    assert draw.start.in_features == 6


def test_without_labels_noise_is_all_there_is() -> None:
    assert generator(condition=UNCONDITIONAL)(torch.randn(2, 6)).shape == (2, 3, 64, 64)


def test_attention_is_at_the_sides_asked_for() -> None:
    for asked in ((), (16,), (8, 32)):
        blocks = generator(attention=asked).blocks
        found = [isinstance(block.attention, SelfAttention) for block in blocks]
        assert found == [side in asked for side in (8, 16, 32)]


def test_all_convolutions_but_the_last_are_normalised() -> None:
    form = Interface(64, 3, LABELS)
    network = StyledGenerator(form, 6, 8, spectral_normalise, (16,))
    normalised = {
        name
        for name, layer in network.named_modules()
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) and parametrize.is_parametrized(layer)
    }
    assert normalised == {f"blocks.{i}.{layer}" for i in range(3) for layer in ("grow", "refine")}
