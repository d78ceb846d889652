"""The recipes of SAGAN, number by number, as the reports and the paper have them."""

import math
from itertools import pairwise
from typing import Any

import pytest
import torch
from labelled import learns_labels
from torch import nn
from torch.nn.utils import parametrize

from ganx.builtin.losses.penalties import gradient_norms
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks
from ganx.contracts.plan import Phase
from ganx.host import load_plugins
from ganx.layers.attention import SelfAttention
from ganx.settings.run import RunConfig, resolve
from ganx_sagan.config import SaganConfig
from ganx_sagan.plugin import ganx_models, ganx_recipes

HOST = load_plugins()
RECIPES = ["sagan-bce", "sagan-wgan-gp", "sagan-resnet"]


def run_of(recipe: str, **given: Any) -> RunConfig:
    """Resolve a recipe; a few rendered images are enough to know their form."""
    return resolve(HOST, {"recipe": recipe, "dataset": {"source": "rendered", "size": 3}, **given})


def form_of(run: RunConfig) -> Interface:
    return HOST.datasets[run.dataset.name].open(run.dataset.config).interface


def built(recipe: str, **model: Any) -> Networks:
    run = run_of(recipe, model=model)
    torch.manual_seed(0)
    return HOST.models[run.model.name].build(form_of(run), run.model.config)


def phases(run: RunConfig) -> tuple[Phase, ...]:
    return HOST.plans[run.plan.name].build(run.plan.config).phases


def test_the_plugin_provides_two_models_and_four_recipes() -> None:
    assert [(model.name, model.recipe) for model in ganx_models()] == [
        ("sagan", "sagan"),
        ("sagan-resnet", "sagan-resnet"),
    ]
    assert [recipe.name for recipe in ganx_recipes()] == ["sagan", *RECIPES]


@pytest.mark.parametrize(
    ("recipe", "epochs", "loss", "parts"),
    [
        (
            *("sagan-bce", 2000, "bce"),
            [("real",), ("fake", "pair", "penalty"), ("generator",), ("generator",)],
        ),
        (
            *("sagan-wgan-gp", 300, "wasserstein + 10*gradient-penalty"),
            [("real", "fake", "pair", "penalty"), ("generator",)],
        ),
        ("sagan-resnet", 300, "hinge", [("real", "fake", "pair", "penalty"), ("generator",)]),
    ],
)
def test_length_loss_and_order_of_steps(
    recipe: str, epochs: int, loss: str, parts: list[tuple[str, ...]]
) -> None:
    run = run_of(recipe)
    assert (run.train.images, run.train.batch_size) == (epochs * 18_009, 64)
    assert run.loss.sum == loss
    assert [phase.parts for phase in phases(run)] == parts


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_discriminator_learns_four_times_as_fast_as_the_generator(recipe: str) -> None:
    chosen = run_of(recipe).optimizer
    found = {name: (one.settings.learning_rate, one.settings.betas) for name, one in chosen.items()}
    assert found == {"generator": (1e-4, (0.0, 0.9)), "discriminator": (4e-4, (0.0, 0.9))}
    assert {one.name for one in chosen.values()} == {"adam"}
    assert {one.schedule.name for one in chosen.values()} == {"constant"}


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_data_are_i_clevr_at_64_pixels(recipe: str) -> None:
    form = form_of(run_of(recipe))
    assert (form.resolution, form.channels, form.condition.size) == (64, 3, 24)


@pytest.mark.parametrize(
    ("recipe", "size"), [("sagan-bce", 100), ("sagan-wgan-gp", 128), ("sagan-resnet", 128)]
)
def test_the_latent_is_one_part_of_normal_noise(recipe: str, size: int) -> None:
    (part,) = built(recipe, width=2).latent.parts
    assert (part.name, part.kind, part.size) == ("noise", "normal", size)


def test_the_recipe_of_labels_looks_for_them_in_networks_with_attention_and_norm() -> None:
    run = run_of("sagan")
    assert run.model.config == SaganConfig(form="styled", latent_size=64)
    (part,) = built("sagan", width=4).latent.parts
    assert (part.name, part.kind, part.size) == ("noise", "normal", 64)
    assert learns_labels(run)


def convolutions(network: nn.Module) -> list[nn.Module]:
    """List the convolutions of a network that are not part of an attention block."""
    return [one for one in network.layers if isinstance(one, nn.Conv2d | nn.ConvTranspose2d)]


def test_sagan_wgan_gp_is_sagan_bces_pair_with_a_latent_of_128() -> None:
    pair = built("sagan-wgan-gp")
    widths = [layer.out_channels for layer in convolutions(pair.generator)]
    assert [convolutions(pair.generator)[0].in_channels, *widths] == [256, 512, 256, 128, 64, 3]
    judged = [layer.out_channels for layer in convolutions(pair.discriminator)]
    assert judged == [64, 128, 256, 512, 1]
    for network, sides in ((pair.generator, (128, 64)), (pair.discriminator, (256, 512))):
        attended = [one for one in network.modules() if isinstance(one, SelfAttention)]
        assert tuple(one.value.out_channels for one in attended) == sides
    blocks = (256, 512, 256, 128, 64)
    generator = 24 * 128 + 128 + sum(16 * a * b + 3 * b for a, b in pairwise(blocks))
    generator += sum(2 * (c * c // 8 + c // 8) + c * c + c + 1 for c in (128, 64)) + 16 * 64 * 3 + 3
    assert sum(one.numel() for one in pair.generator.parameters()) == generator == 4_884_661
    assert sum(one.numel() for one in pair.discriminator.parameters()) == 3_278_723


def test_the_critic_has_spectral_norm_but_on_its_last_layer_and_no_batch_norm() -> None:
    critic = built("sagan-wgan-gp", width=2).discriminator
    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in critic.modules())
    normalised = [parametrize.is_parametrized(layer) for layer in convolutions(critic)]
    assert normalised == [True, True, True, True, False]
    plain = built("sagan-wgan-gp", width=2, spectral_norm_discriminator=False).discriminator
    assert not any(map(parametrize.is_parametrized, convolutions(plain)))


def test_spectral_norm_leaves_the_critic_free_to_be_as_steep_as_the_penalty_wants() -> None:
    critic = built("sagan-wgan-gp", width=2).discriminator.eval()
    images, c = torch.rand(4, 3, 64, 64) * 2 - 1, torch.eye(24)[:4]

    def steepness() -> float:
        return float(gradient_norms(critic, images, c).detach().mean())

    before = steepness()
    with torch.no_grad():
        convolutions(critic)[-1].weight.div_(before)
    assert before < 0.5
    assert math.isclose(steepness(), 1, rel_tol=1e-4)
