from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ganx.config import validated
from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.interface import Interface
from ganx.contracts.latent import LatentPart
from ganx.contracts.networks import Networks
from ganx_infogan.config import InfoganConfig
from ganx_infogan.networks import build
from ganx_infogan.plugin import ganx_recipes

NOISE = LatentPart("noise", "uniform", 62)


def networks(resolution: int = 64, channels: int = 1, **settings: Any) -> Networks:
    torch.manual_seed(0)
    config = validated(InfoganConfig, settings, "model")
    return build(Interface(resolution, channels, UNCONDITIONAL), config)


@pytest.fixture(scope="module")
def of_recipe() -> Networks:
    (recipe,) = ganx_recipes()
    settings = dict(recipe.settings["model"])
    assert settings.pop("name") == "infogan"
    return networks(recipe.settings["dataset"]["resolution"], 1, **settings)


def latents(pair: Networks, count: int) -> Tensor:
    return torch.from_numpy(pair.latent.draw(count, np.random.default_rng(0)))


def told(layer: nn.Module) -> str:
    """Write a layer as the architecture's table does."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        kind = "ConvT" if isinstance(layer, nn.ConvTranspose2d) else "Conv"
        bias = "" if layer.bias is not None else " no bias"
        sizes = f"{layer.in_channels}->{layer.out_channels}, {layer.kernel_size[0]}"
        return f"{kind}({sizes}, {layer.stride[0]}, {layer.padding[0]}){bias}"
    if isinstance(layer, nn.BatchNorm2d):
        return f"BN({layer.num_features}, {layer.momentum})"
    if isinstance(layer, nn.LeakyReLU):
        return f"LeakyReLU({layer.negative_slope})"
    if isinstance(layer, nn.Linear):
        bias = "" if layer.bias is not None else " no bias"
        return f"Linear({layer.in_features}->{layer.out_features}){bias}"
    return {nn.ReLU: "ReLU", nn.Tanh: "Tanh"}[type(layer)]


def table(layers: nn.Module) -> list[str]:
    return [told(layer) for layer in layers.children()]


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def test_the_latent_is_noise_then_the_category_then_the_style(of_recipe: Networks) -> None:
    category, style = LatentPart("digit", "categorical", 10), LatentPart("style", "continuous", 2)
    assert of_recipe.latent.parts == (NOISE, category, style)
    assert of_recipe.latent.size == 74


def test_the_generator_is_the_reports_layer_by_layer(of_recipe: Networks) -> None:
    assert table(of_recipe.generator.layers) == [
        *("ConvT(74->512, 4, 1, 0) no bias", "BN(512, 0.1)", "ReLU"),
        *("ConvT(512->256, 4, 2, 1) no bias", "BN(256, 0.1)", "ReLU"),
        *("ConvT(256->128, 4, 2, 1) no bias", "BN(128, 0.1)", "ReLU"),
        *("ConvT(128->64, 4, 2, 1) no bias", "BN(64, 0.1)", "ReLU"),
        *("ConvT(64->1, 4, 2, 1) no bias", "Tanh"),
    ]


def test_trunk_and_head_are_the_reports_layer_by_layer(of_recipe: Networks) -> None:
    leaky = "LeakyReLU(0.2)"
    assert table(of_recipe.discriminator.trunk) == [
        *("Conv(1->64, 4, 2, 1) no bias", leaky),
        *("Conv(64->128, 4, 2, 1) no bias", "BN(128, 0.1)", leaky),
        *("Conv(128->256, 4, 2, 1) no bias", "BN(256, 0.1)", leaky),
        *("Conv(256->512, 4, 2, 1) no bias", "BN(512, 0.1)", leaky),
    ]
    assert told(of_recipe.discriminator.head) == "Conv(512->1, 4, 1, 0) no bias"


def test_q_is_the_reports_layer_by_layer(of_recipe: Networks) -> None:
    recognition = of_recipe.discriminator.recognition
    assert table(recognition.shared) == ["Linear(8192->100)", "ReLU", "Linear(100->10)"]
    heads = dict(zip(recognition.names, table(recognition.heads), strict=True))
    assert heads == {
        "q.digit": "Conv(10->10, 1, 1, 0)",
        "q.style.mean": "Conv(10->2, 1, 1, 0)",
        "q.style.log_variance": "Conv(10->2, 1, 1, 0)",
    }


def test_the_parameter_counts_follow_from_the_layers(of_recipe: Networks) -> None:
    widths = (74, 512, 256, 128, 64)
    drawn = sum(a * b * 16 + 2 * b for a, b in pairwise(widths)) + 64 * 16
    assert count(of_recipe.generator) == drawn == 3_361_664
    widths = (1, 64, 128, 256, 512)
    trunk = sum(a * b * 16 + 2 * b * (a > 1) for a, b in pairwise(widths))
    discriminator = of_recipe.discriminator
    assert count(discriminator.trunk) == trunk == 2_755_328
    assert count(discriminator.head) == 512 * 16
    q = 8192 * 100 + 100 + 100 * 10 + 10 + 10 * 10 + 10 + 2 * (10 * 2 + 2)
    assert count(discriminator.recognition) == q == 820_464
    assert count(discriminator) == trunk + 512 * 16 + q


def test_weights_start_normal_with_the_standard_deviation_that_is_set() -> None:
    for sigma in (0.02, 0.2):
        for network in networks(init_sigma=sigma).modules().values():
            for layer in network.modules():
                if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) and layer.weight.numel() > 999:
                    check_normal(layer.weight.detach(), 0.0, sigma)
                if isinstance(layer, nn.BatchNorm2d):
                    check_normal(layer.weight.detach(), 1.0, sigma)
                    assert not layer.bias.any()


def test_without_a_standard_deviation_pytorch_draws_the_weights() -> None:
    pair = networks(32, init_sigma=0)
    plain = nn.ConvTranspose2d(74, 256, 4, bias=False)
    first = pair.generator.layers[0].weight.detach()
    assert float(first.std()) == pytest.approx(float(plain.weight.detach().std()), rel=0.02)
    assert pair.generator.layers[1].weight.eq(1).all()


def check_normal(weight: Tensor, mean: float, sigma: float) -> None:
    # The bounds are of five standard errors for the number of weights.
    error = sigma / weight.numel() ** 0.5
    assert float(weight.mean()) == pytest.approx(mean, abs=5 * error)
    assert float(weight.std()) == pytest.approx(sigma, abs=4 * error)


@pytest.mark.parametrize("resolution", [32, 64, 128, 256])
def test_every_supported_form_makes_judges_and_recognises_images(resolution: int) -> None:
    channels = resolution.bit_length() % 4 + 1
    pair = networks(resolution, channels, width=4, categories=7, category_name="kind", style_size=3)
    with torch.no_grad():
        images = pair.generator(latents(pair, 2))
        score, aux = pair.discriminator(images)
    assert images.shape == (2, channels, resolution, resolution)
    assert images.abs().max() <= 1
    assert score.shape == (2,)
    assert {name: tuple(head.shape) for name, head in aux.items()} == {
        "q.kind": (2, 7),
        "q.style.mean": (2, 3),
        "q.style.log_variance": (2, 3),
    }


@pytest.mark.parametrize(
    ("resolution", "widths"),
    [(32, (256, 128, 64)), (128, (512, 512, 256, 128, 64))],
)
def test_other_resolutions_have_other_numbers_of_blocks(
    resolution: int, widths: tuple[int, ...]
) -> None:
    pair = networks(resolution)
    layers = pair.generator.layers
    assert tuple(layer.num_features for layer in layers if hasattr(layer, "eps")) == widths
    layers = pair.discriminator.trunk
    judged = tuple(layer.out_channels for layer in layers if hasattr(layer, "stride"))
    assert judged == widths[::-1]
    assert pair.discriminator.head.in_channels == widths[0]
    assert pair.discriminator.recognition.shared[0].in_features == widths[0] * 16


def test_a_code_that_is_left_out_has_neither_part_nor_head() -> None:
    pair = networks(32, width=4, categories=0)
    assert [part.name for part in pair.latent.parts] == ["noise", "style"]
    assert pair.discriminator.recognition.names == ["q.style.mean", "q.style.log_variance"]
    pair = networks(32, width=4, style_size=0)
    assert [part.name for part in pair.latent.parts] == ["noise", "digit"]
    assert pair.discriminator.recognition.names == ["q.digit"]


def test_the_sizes_of_q_are_settings() -> None:
    recognition = networks(32, width=4, q_hidden=30, q_features=20).discriminator.recognition
    assert table(recognition.shared) == ["Linear(256->30)", "ReLU", "Linear(30->20)"]
    assert recognition.heads[0].in_channels == 20


@pytest.mark.parametrize("part", ["noise", "digit", "style"])
def test_a_change_of_any_part_changes_the_image(part: str) -> None:
    pair = networks(32, width=8)
    z = latents(pair, 1)
    other = z.clone()
    other[:, pair.latent.slices[part]] = z[:, pair.latent.slices[part]].roll(1, dims=1)
    generator = pair.generator.eval()
    with torch.no_grad():
        assert not torch.equal(generator(z), generator(other))
