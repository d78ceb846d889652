"""The discriminator that looks for labels: what its score and its evidence hang on."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu
from torch.nn.utils import parametrize

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.layers.attention import SelfAttention
from ganx.layers.evidential import EVIDENTIAL_SIDES, EvidentialDiscriminator

LABELS = Condition("labels", (Group("object", tuple("abcdef")),))
C = torch.tensor([[1.0, 0, 0, 1, 0, 0], [0, 1, 1, 0, 0, 1]])


def discriminator(
    condition: Condition = LABELS,
    resolution: int = 32,
    **options: Any,
) -> EvidentialDiscriminator:
    torch.manual_seed(0)
    return EvidentialDiscriminator(Interface(resolution, 3, condition), 8, **options).eval()


def images(resolution: int = 32) -> Tensor:
    return torch.rand(2, 3, resolution, resolution) * 2 - 1


def given_to(module: nn.Module) -> list[Tensor]:
    """Collect what a layer is given from now on."""
    seen: list[Tensor] = []
    module.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    return seen


def test_the_score_hangs_on_the_condition_by_the_projection_alone() -> None:
    network, x = discriminator(), images()
    assert network.projection is not None
    pooled = given_to(network.judge)
    with torch.no_grad():
        told, untold = network(x, C), network(x, torch.zeros_like(C))
        agreement = (C @ network.projection.table.weight.T * pooled[0]).sum(dim=1)
        torch.testing.assert_close(told.score - untold.score, agreement)
        torch.testing.assert_close(untold.score, network(x).score)
    assert agreement.abs().min() > 1e-4


def test_the_evidence_hangs_on_the_images_alone() -> None:
    network, x = discriminator(), images()
    told, other = network(x, C).aux["condition"], network(x, C.flip(0)).aux["condition"]
    assert told.shape == (2, 6)
    assert torch.equal(told, other)
    assert torch.equal(told, network(x).aux["condition"])
    assert (told - network(-x, C).aux["condition"]).abs().max() > 1e-4


@pytest.mark.parametrize("resolution", [32, 64, 128, 256])
def test_evidence_is_looked_for_on_the_map_of_16(resolution: int) -> None:
    network = discriminator(resolution=resolution)
    assert network.evidence is not None
    seen = given_to(network.evidence)
    score = network(images(resolution), C).score
    assert seen[0].shape == (2, 8, 16, 16)
    assert score.shape == (2,)


@pytest.mark.parametrize(("spectral_norm", "gain"), [(False, 1.0), (True, 1.9)])
def test_it_is_the_network_of_its_description_with_a_gain_beside_spectral_norm(
    spectral_norm: bool, gain: float
) -> None:
    network, x = discriminator(spectral_norm=spectral_norm), images()

    def activate(features: Tensor) -> Tensor:
        return gain * leaky_relu(features, 0.2)

    found = activate(network.halve(activate(network.first(network.cells(x)))))
    found = found + activate(network.refine(found))
    deep = activate(network.last(activate(network.deepen(found))))
    pooled = torch.cat([deep.mean(dim=(2, 3)), deep.amax(dim=(2, 3))], dim=1)
    assert network.evidence is not None
    critique = network(x)
    torch.testing.assert_close(critique.score, network.judge(pooled).squeeze(1))
    torch.testing.assert_close(critique.aux["condition"], network.evidence(found))


def test_without_labels_there_are_no_heads() -> None:
    network = discriminator(UNCONDITIONAL)
    assert network.evidence is None
    assert network.projection is None
    assert network(images()).aux == {}
    kinds = [type(module) for module in network.modules()]
    assert (kinds.count(nn.Conv2d), kinds.count(nn.Linear)) == (5, 1)


@pytest.mark.parametrize("sides", [(), (16,), (8,), (16, 8)])
def test_attention_is_at_the_sides_that_were_asked_for(sides: tuple[int, ...]) -> None:
    network = discriminator(attention=sides)
    seen = [given_to(module) for module in network.modules() if isinstance(module, SelfAttention)]
    network(images(), C)
    assert [one[0].shape[-1] for one in seen] == list(sides)
    assert EVIDENTIAL_SIDES == (16, 8)


def test_spectral_norm_is_on_the_convolutions_but_not_on_what_gives_logits() -> None:
    network = discriminator(spectral_norm=True)
    layers = {
        name: parametrize.is_parametrized(module)
        for name, module in network.named_modules()
        if isinstance(module, nn.Conv2d | nn.Linear)
    }
    assert layers == {
        **dict.fromkeys(("first", "halve", "refine", "deepen", "last"), True),
        **dict.fromkeys(("judge", "evidence.maps", "projection.table"), False),
    }


def test_the_projection_starts_small_enough_for_the_width() -> None:
    form = Interface(32, 3, Condition("labels", (Group("o", tuple(map(str, range(50)))),)))
    table = EvidentialDiscriminator(form, 64).projection
    assert table is not None
    expected = 0.5 / (2 * 96) ** 0.5
    assert float(table.table.weight.detach().std()) == pytest.approx(expected, rel=0.03)


def test_a_penalty_goes_through_all_convolutions() -> None:
    network = discriminator(attention=EVIDENTIAL_SIDES, spectral_norm=True).train()
    for module in network.modules():
        if isinstance(module, SelfAttention):
            nn.init.ones_(module.gamma)
    x = images().requires_grad_()
    (slope,) = torch.autograd.grad(network(x, C).score.sum(), x, create_graph=True)
    slope.square().sum().backward()
    for name, parameter in network.named_parameters():
        if parameter.ndim > 1 and not name.startswith("evidence"):
            assert parameter.grad is not None, name
            assert parameter.grad.abs().sum() > 0, name
