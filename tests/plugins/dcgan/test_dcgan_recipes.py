"""The recipes, layer by layer and number by number; four are as the reports have them."""

from itertools import pairwise
from typing import Any

import pytest
import torch
from labelled import learns_labels
from torch import nn

from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks
from ganx.contracts.plan import Phase
from ganx.host import load_plugins
from ganx.settings.run import RunConfig, resolve
from ganx_dcgan.config import DcganConfig

HOST = load_plugins()
OPTIMIZERS_004 = {"generator": (1e-4, (0.0, 0.9)), "discriminator": (4e-4, (0.0, 0.9))}


def run_of(**given: Any) -> RunConfig:
    """Resolve a recipe; a few rendered images of its data set are enough to know their form."""
    few = {"source": "rendered", "size": 3}
    return resolve(HOST, {**given, "dataset": {**few, **given.get("dataset", {})}})


def form_of(run: RunConfig) -> Interface:
    return HOST.datasets[run.dataset.name].open(run.dataset.config).interface


def built(recipe: str) -> Networks:
    """Build a recipe's networks for its data set, without memory for their weights."""
    run = run_of(recipe=recipe)
    with torch.device("meta"):
        return HOST.models[run.model.name].build(form_of(run), run.model.config)


def told(layer: nn.Module) -> str:
    """Write a layer as the reports' tables do."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        kind = "ConvT" if isinstance(layer, nn.ConvTranspose2d) else "Conv"
        bias = "" if layer.bias is None else " + bias"
        sizes = f"{layer.in_channels}->{layer.out_channels}, {layer.kernel_size[0]}"
        return f"{kind}({sizes}, {layer.stride[0]}, {layer.padding[0]}){bias}"
    if isinstance(layer, nn.Linear):
        return f"Linear({layer.in_features}->{layer.out_features})"
    if isinstance(layer, nn.LeakyReLU):
        return f"LeakyReLU({layer.negative_slope})"
    if isinstance(layer, nn.BatchNorm2d):
        return f"BN({layer.num_features})"
    return {nn.ReLU: "ReLU", nn.Tanh: "Tanh"}[type(layer)]


def table(network: nn.Module) -> list[str]:
    """List all of a network's layers in the order of its forward pass."""
    leaves = [layer for layer in network.modules() if not list(layer.children())]
    return [told(layer) for layer in leaves]


def test_dcgan_is_infogan_without_codes() -> None:
    pair = built("dcgan")
    assert table(pair.generator) == [
        *("ConvT(100->512, 4, 1, 0)", "BN(512)", "ReLU"),
        *("ConvT(512->256, 4, 2, 1)", "BN(256)", "ReLU"),
        *("ConvT(256->128, 4, 2, 1)", "BN(128)", "ReLU"),
        *("ConvT(128->64, 4, 2, 1)", "BN(64)", "ReLU"),
        *("ConvT(64->1, 4, 2, 1)", "Tanh"),
    ]
    assert table(pair.discriminator) == [
        *("Conv(1->64, 4, 2, 1)", "LeakyReLU(0.2)"),
        *("Conv(64->128, 4, 2, 1)", "BN(128)", "LeakyReLU(0.2)"),
        *("Conv(128->256, 4, 2, 1)", "BN(256)", "LeakyReLU(0.2)"),
        *("Conv(256->512, 4, 2, 1)", "BN(512)", "LeakyReLU(0.2)"),
        "Conv(512->1, 4, 1, 0)",
    ]


def test_cdcgan_is_report_003s() -> None:
    pair = built("cdcgan")
    assert table(pair.generator) == [
        *("Linear(24->1024)", "ReLU"),
        *("ConvT(1124->512, 4, 1, 0)", "BN(512)", "ReLU"),
        *("ConvT(512->256, 4, 2, 1)", "BN(256)", "ReLU"),
        *("ConvT(256->128, 4, 2, 1)", "BN(128)", "ReLU"),
        *("ConvT(128->64, 4, 2, 1)", "BN(64)", "ReLU"),
        *("ConvT(64->3, 4, 2, 1)", "Tanh"),
    ]
    assert table(pair.discriminator) == [
        *("Linear(24->4096)", "LeakyReLU(0.2)"),
        *("Conv(4->64, 4, 2, 1)", "LeakyReLU(0.2)"),
        *("Conv(64->128, 4, 2, 1)", "BN(128)", "LeakyReLU(0.2)"),
        *("Conv(128->256, 4, 2, 1)", "BN(256)", "LeakyReLU(0.2)"),
        *("Conv(256->512, 4, 2, 1)", "BN(512)", "LeakyReLU(0.2)"),
        "Conv(512->1, 4, 1, 0)",
    ]


def test_wgan_gp_is_report_004s() -> None:
    pair = built("wgan-gp")
    assert table(pair.generator) == [
        *("Linear(24->100)", "ReLU"),
        *("ConvT(228->2400, 4, 1, 0) + bias", "BN(2400)", "ReLU"),
        *("ConvT(2400->1200, 4, 2, 1) + bias", "BN(1200)", "ReLU"),
        *("ConvT(1200->600, 4, 2, 1) + bias", "BN(600)", "ReLU"),
        *("ConvT(600->300, 4, 2, 1) + bias", "BN(300)", "ReLU"),
        *("ConvT(300->3, 4, 2, 1) + bias", "Tanh"),
    ]
    assert table(pair.discriminator) == [
        *("Linear(24->4096)", "ReLU"),
        *("Conv(4->100, 4, 2, 1) + bias", "LeakyReLU(0.1)"),
        *("Conv(100->200, 4, 2, 1) + bias", "LeakyReLU(0.1)"),
        *("Conv(200->400, 4, 2, 1) + bias", "LeakyReLU(0.1)"),
        *("Conv(400->800, 4, 2, 1) + bias", "LeakyReLU(0.1)"),
        "Conv(800->1, 4, 1, 0) + bias",
    ]


def test_dcgan_bce_is_wgan_gps_pair_at_width_64_with_batch_norm_in_d() -> None:
    pair = built("dcgan-bce")
    assert table(pair.generator) == [
        *("Linear(24->100)", "ReLU"),
        *("ConvT(228->512, 4, 1, 0) + bias", "BN(512)", "ReLU"),
        *("ConvT(512->256, 4, 2, 1) + bias", "BN(256)", "ReLU"),
        *("ConvT(256->128, 4, 2, 1) + bias", "BN(128)", "ReLU"),
        *("ConvT(128->64, 4, 2, 1) + bias", "BN(64)", "ReLU"),
        *("ConvT(64->3, 4, 2, 1) + bias", "Tanh"),
    ]
    assert table(pair.discriminator) == [
        *("Linear(24->4096)", "ReLU"),
        *("Conv(4->64, 4, 2, 1) + bias", "LeakyReLU(0.1)"),
        *("Conv(64->128, 4, 2, 1) + bias", "BN(128)", "LeakyReLU(0.1)"),
        *("Conv(128->256, 4, 2, 1) + bias", "BN(256)", "LeakyReLU(0.1)"),
        *("Conv(256->512, 4, 2, 1) + bias", "BN(512)", "LeakyReLU(0.1)"),
        "Conv(512->1, 4, 1, 0) + bias",
    ]


def linear(inputs: int, outputs: int) -> int:
    return inputs * outputs + outputs


def convolutions(*channels: int) -> int:
    return sum(16 * inputs * outputs for inputs, outputs in pairwise(channels))


def norms(*channels: int) -> int:
    return 2 * sum(channels)


def biases(*channels: int) -> int:
    return sum(channels)


COUNTS = {
    "dcgan": (
        convolutions(100, 512, 256, 128, 64, 1) + norms(512, 256, 128, 64),
        convolutions(1, 64, 128, 256, 512, 1) + norms(128, 256, 512),
    ),
    "cdcgan": (
        linear(24, 1024) + convolutions(1124, 512, 256, 128, 64, 3) + norms(512, 256, 128, 64),
        linear(24, 4096) + convolutions(4, 64, 128, 256, 512, 1) + norms(128, 256, 512),
    ),
    "wgan-gp": (
        linear(24, 100)
        + convolutions(228, 2400, 1200, 600, 300, 3)
        + biases(2400, 1200, 600, 300, 3)
        + norms(2400, 1200, 600, 300),
        linear(24, 4096) + convolutions(4, 100, 200, 400, 800, 1) + biases(100, 200, 400, 800, 1),
    ),
    "dcgan-bce": (
        linear(24, 100)
        + convolutions(228, 512, 256, 128, 64, 3)
        + biases(512, 256, 128, 64, 3)
        + norms(512, 256, 128, 64),
        linear(24, 4096)
        + convolutions(4, 64, 128, 256, 512, 1)
        + biases(64, 128, 256, 512, 1)
        + norms(128, 256, 512),
    ),
}
"""By recipe, the parameters of G and of D that its layers come to."""

TOTALS = {
    "dcgan": (3_574_656, 2_763_520),
    "cdcgan": (11_990_912, 2_868_992),
    "wgan-gp": (69_265_603, 6_843_101),
    "dcgan-bce": (4_628_743, 2_869_953),
}
"""The same, as the pages of the recipes state them."""


@pytest.mark.parametrize("recipe", COUNTS)
def test_the_parameter_counts_follow_from_the_layers(recipe: str) -> None:
    pair = built(recipe)
    found = tuple(
        sum(parameter.numel() for parameter in network.parameters())
        for network in (pair.generator, pair.discriminator)
    )
    assert found == COUNTS[recipe] == TOTALS[recipe]


@pytest.mark.parametrize(
    ("recipe", "kind", "size"),
    [
        ("dcgan", "uniform", 100),
        ("cdcgan", "normal", 100),
        ("wgan-gp", "normal", 128),
        ("dcgan-bce", "normal", 128),
    ],
)
def test_the_latent_is_one_part_of_noise(recipe: str, kind: str, size: int) -> None:
    (part,) = built(recipe).latent.parts
    assert (part.name, part.kind, part.size) == ("noise", kind, size)


@pytest.mark.parametrize(
    ("recipe", "sigma"), [("dcgan", 0.02), ("cdcgan", 0.02), ("wgan-gp", 0.0), ("dcgan-bce", 0.02)]
)
def test_weights_start_as_in_the_dcgan_paper_unless_d_has_no_norm(
    recipe: str, sigma: float
) -> None:
    assert run_of(recipe=recipe).model.to_settings()["init_sigma"] == sigma


def phases(run: RunConfig) -> tuple[Phase, ...]:
    return HOST.plans[run.plan.name].build(run.plan.config).phases


@pytest.mark.parametrize(
    ("recipe", "images", "batch", "loss", "steps"),
    [
        ("dcgan", 150 * 60_000, 100, "bce", ["discriminator", "generator"]),
        ("cdcgan", 200 * 18_009, 128, "bce", ["discriminator", *["generator"] * 4]),
        (
            *("wgan-gp", 600 * 18_009, 64, "wasserstein + 10*gradient-penalty"),
            ["discriminator", "generator"],
        ),
        ("dcgan-bce", 300 * 18_009, 64, "bce", ["discriminator", "generator"]),
    ],
)
def test_length_batch_loss_and_order_of_steps_are_the_reports(
    recipe: str, images: int, batch: int, loss: str, steps: list[str]
) -> None:
    run = run_of(recipe=recipe)
    assert (run.train.images, run.train.batch_size, run.loss.sum) == (images, batch, loss)
    assert [phase.owner for phase in phases(run)] == steps


@pytest.mark.parametrize(
    ("recipe", "optimizers"),
    [
        ("dcgan", {"generator": (1e-3, (0.5, 0.999)), "discriminator": (2e-4, (0.5, 0.999))}),
        ("cdcgan", {"generator": (2e-4, (0.5, 0.999)), "discriminator": (2e-4, (0.5, 0.999))}),
        ("wgan-gp", OPTIMIZERS_004),
        ("dcgan-bce", OPTIMIZERS_004),
    ],
)
def test_both_optimizers_are_adam_at_the_reports_rates(
    recipe: str, optimizers: dict[str, tuple[float, tuple[float, float]]]
) -> None:
    chosen = run_of(recipe=recipe).optimizer
    found = {name: (one.settings.learning_rate, one.settings.betas) for name, one in chosen.items()}
    assert found == optimizers
    assert {one.name for one in chosen.values()} == {"adam"}
    assert {one.schedule.name for one in chosen.values()} == {"constant"}


def test_report_004s_two_steps_of_the_critic_are_a_setting() -> None:
    run = run_of(recipe="wgan-gp", plan={"name": "separate-penalty"})
    critic, penalty, generator = phases(run)
    assert (critic.parts, penalty.parts) == (("real", "fake", "pair"), ("penalty",))
    assert generator.owner == "generator"


def test_the_model_alone_learns_labels_where_a_data_set_has_them() -> None:
    run = run_of(model={"name": "dcgan"}, dataset={"name": "iclevr"})
    assert run.recipe == "dcgan-labels"
    assert form_of(run).condition.kind == "labels"


def test_the_model_alone_without_labels_is_unconditional_digits_of_one_channel() -> None:
    run = run_of(model={"name": "dcgan"}, dataset={"labels": False})
    form = form_of(run)
    assert run.recipe == "dcgan"
    assert (form.resolution, form.channels, form.condition.kind) == (64, 1, "none")


def test_the_recipe_of_labels_looks_for_them_in_networks_without_norms_in_d() -> None:
    run = run_of(recipe="dcgan-labels")
    assert run.model.config == DcganConfig(form="styled", latent_size=64)
    (part,) = built("dcgan-labels").latent.parts
    assert (part.name, part.kind, part.size) == ("noise", "normal", 64)
    assert learns_labels(run)
