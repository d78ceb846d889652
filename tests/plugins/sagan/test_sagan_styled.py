"""SAGAN in the form that learns its labels, and the report's with heads for labels."""

from types import MappingProxyType
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize

from ganx.builtin.losses.penalties import gradient_norms
from ganx.config import validated
from ganx.contracts.condition import UNCONDITIONAL, Condition
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks, critique_of, generate
from ganx.errors import ConfigError
from ganx.layers.attention import SelfAttention
from ganx.testing import ModelContract
from ganx.testing.interfaces import CONDITIONS, LABELS
from ganx_sagan.config import SaganConfig
from ganx_sagan.networks import build
from ganx_sagan.plugin import ganx_models

SPEC = next(iter(ganx_models()))
FORMS = (Interface(32, 1, UNCONDITIONAL), Interface(64, 3, LABELS))
UNUSED: dict[str, Any] = {
    "condition_features": 5,
    "discriminator_condition": "projection",
    "evidence": 8,
}
"""Another value of each setting that the styled form has no use for."""


class TestStyled(ModelContract):
    spec = SPEC
    config = MappingProxyType({"form": "styled", "width": 12})
    interfaces = FORMS


class TestReportWithHeads(ModelContract):
    spec = SPEC
    config = MappingProxyType({"width": 4, "discriminator_condition": "projection", "evidence": 8})
    interfaces = (FORMS[1],)
    exporters = ()  # G is the report's


def networks(resolution: int, channels: int, condition: Condition, **settings: Any) -> Networks:
    torch.manual_seed(0)
    config = validated(SaganConfig, {"form": "styled", "width": 8, **settings}, "model")
    return build(Interface(resolution, channels, condition), config)


def condition_of(condition: Condition) -> torch.Tensor:
    c = torch.zeros(2, condition.size)
    for group in condition.slices.values():
        c[:, group.start] = 1
    return c


@pytest.mark.parametrize("resolution", [32, 64, 128, 256])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.kind)
def test_every_supported_form_makes_and_judges_images(
    resolution: int, channels: int, condition: Condition
) -> None:
    pair, c = networks(resolution, channels, condition), condition_of(condition)
    with torch.no_grad():
        images = generate(pair.generator, torch.randn(2, pair.latent.size), c)
        critique = critique_of(pair.discriminator, images, c)
    assert images.shape == (2, channels, resolution, resolution)
    assert images.abs().max() <= 1
    assert critique.score.shape == (2,)
    found = {name: tuple(value.shape) for name, value in critique.aux.items()}
    assert found == ({"condition": (2, condition.size)} if condition.size else {})


@pytest.mark.parametrize("condition", [UNCONDITIONAL, LABELS], ids=lambda one: one.kind)
def test_a_penalty_reaches_the_first_layer(condition: Condition) -> None:
    critic = networks(64, 3, condition).discriminator
    images = torch.rand(2, 3, 64, 64) * 2 - 1
    gradient_norms(critic, images, condition_of(condition)).square().mean().backward()
    gradients = [one.grad for one in critic.first.parameters() if one.ndim > 1]
    assert all(one is not None and one.abs().sum() > 0 for one in gradients)


def test_the_report_needs_no_heads_and_shows_the_condition_as_a_plane() -> None:
    critic = networks(32, 3, LABELS, form="report").discriminator
    assert critic.heads is None
    assert critic.plane is not None
    assert not any(name.startswith("heads") for name in critic.state_dict())


@pytest.mark.parametrize("evidence", [0, 4, 8, 16])
def test_with_heads_no_plane_joins_the_image(evidence: int) -> None:
    heads = {"discriminator_condition": "projection", "evidence": evidence}
    critic = networks(32, 3, LABELS, form="report", **heads).discriminator
    images, c = torch.randn(2, 3, 32, 32), condition_of(LABELS)
    critic.eval()
    assert critic.plane is None
    first = next(layer for layer in critic.layers if isinstance(layer, nn.Conv2d))
    assert first.in_channels == 3
    critique = critic(images, c)
    assert set(critique.aux) == ({"condition"} if evidence else set())
    assert not torch.equal(critique.score, critic(images, c.flip(1)).score)


def test_heads_leave_the_first_weights_of_the_layers_as_they_are() -> None:
    settings = {"form": "report", "discriminator_condition": "projection"}
    bare = networks(32, 3, LABELS, **settings).discriminator.layers.state_dict()
    full = networks(32, 3, LABELS, evidence=8, **settings).discriminator.layers.state_dict()
    assert all(torch.equal(bare[name], full[name]) for name in bare)


def test_evidence_from_a_plane_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"Set model\.discriminator_condition to 'projection'"):
        networks(32, 3, LABELS, form="report", evidence=8)


def test_evidence_where_no_map_is_names_those_that_exist() -> None:
    heads = {"discriminator_condition": "projection", "evidence": 32}
    with pytest.raises(ConfigError, match=r"'model\.evidence' .* 32x32.*4, 8, 16"):
        networks(32, 3, LABELS, form="report", **heads)


@pytest.mark.parametrize("setting", SaganConfig.REPORT_ONLY)
def test_a_setting_of_the_report_is_refused_where_it_would_do_nothing(setting: str) -> None:
    with pytest.raises(ConfigError, match=rf"model\.{setting} would do nothing"):
        networks(32, 3, LABELS, **{setting: UNUSED[setting]})


def attended(network: nn.Module) -> list[int]:
    """List the channels of a network's self-attention, in order."""
    return [m.value.out_channels for m in network.modules() if isinstance(m, SelfAttention)]


def test_attention_is_at_16_in_g_and_at_8_in_d_unless_asked() -> None:
    pair = networks(64, 3, LABELS)
    assert (attended(pair.generator), attended(pair.discriminator)) == ([12], [12])
    assert isinstance(pair.generator.blocks[1].attention, SelfAttention)
    assert isinstance(pair.discriminator.attend_deep, SelfAttention)
    other = networks(64, 3, LABELS, generator_attention=[8, 32], discriminator_attention=[16])
    assert (attended(other.generator), attended(other.discriminator)) == ([16, 8], [8])


@pytest.mark.parametrize("setting", ["generator_attention", "discriminator_attention"])
def test_attention_where_no_feature_map_is_names_those_that_exist(setting: str) -> None:
    with pytest.raises(ConfigError, match=rf"'model\.{setting}' .* 64x64.*(8, 16, 32|16, 8)"):
        networks(64, 3, LABELS, **{setting: [64]})


@pytest.mark.parametrize("asked", [True, False])
def test_spectral_norm_can_be_left_out_of_each_network_and_its_gain_with_it(asked: bool) -> None:
    pair = networks(
        *(32, 3, LABELS), spectral_norm_generator=asked, spectral_norm_discriminator=not asked
    )
    normalised = [
        any(parametrize.is_parametrized(layer) for layer in network.modules())
        for network in (pair.generator, pair.discriminator)
    ]
    assert normalised == [asked, not asked]
    assert pair.discriminator.gain == (1.0 if asked else 1.9)
