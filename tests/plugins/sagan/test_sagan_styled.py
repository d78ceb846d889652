"""SAGAN in the form that learns its labels, and the report's with heads for labels."""

from types import MappingProxyType

import pytest
from styled_form import StyledForm, StyledRuns
from torch import nn
from torch.nn.utils import parametrize

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.interface import Interface
from ganx.errors import ConfigError
from ganx.layers.attention import SelfAttention
from ganx.testing import ModelContract
from ganx.testing.interfaces import LABELS
from ganx_sagan.plugin import ganx_models

SPEC = next(iter(ganx_models()))
LABELLED, UNLABELLED = Interface(64, 3, LABELS), Interface(32, 1, UNCONDITIONAL)


class TestStyledContract(ModelContract):
    spec = SPEC
    config = MappingProxyType({"form": "styled", "width": 12})
    interfaces = (LABELLED,)


class TestStyledContractWithoutLabels(ModelContract):
    spec = SPEC
    config = MappingProxyType({"form": "styled", "width": 12})
    interfaces = (UNLABELLED,)
    exporters = ()


class TestReportWithHeads(ModelContract):
    spec = SPEC
    config = MappingProxyType({"width": 4, "discriminator_condition": "projection", "evidence": 8})
    interfaces = (LABELLED,)
    exporters = ()  # G is the report's


class TestStyledForm(StyledForm):
    spec = SPEC
    unused = MappingProxyType(
        {
            "condition_features": 5,
            "discriminator_condition": "projection",
            "evidence": 8,
        }
    )


class TestStyledRuns(StyledRuns):
    plugin = "sagan"
    recipe = "sagan"
    unlabelled_recipe = "sagan"
    told_without_labels = "says nothing of its images, so the loss goes without auxiliary."


FORM = TestStyledForm()


def attended(network: nn.Module) -> list[int]:
    """List the channels of a network's self-attention, in order."""
    return [m.value.out_channels for m in network.modules() if isinstance(m, SelfAttention)]


def test_attention_is_at_16_in_g_and_at_8_in_d_unless_asked() -> None:
    pair = FORM.networks(64, 3, LABELS)
    assert (attended(pair.generator), attended(pair.discriminator)) == ([12], [12])
    assert isinstance(pair.generator.blocks[1].attention, SelfAttention)
    assert isinstance(pair.discriminator.attend_deep, SelfAttention)
    other = FORM.networks(64, 3, LABELS, generator_attention=[8, 32], discriminator_attention=[16])
    assert (attended(other.generator), attended(other.discriminator)) == ([16, 8], [8])


@pytest.mark.parametrize("setting", ["generator_attention", "discriminator_attention"])
def test_attention_where_no_feature_map_is_names_those_that_exist(setting: str) -> None:
    with pytest.raises(ConfigError, match=rf"'model\.{setting}' .* 64x64.*(8, 16, 32|16, 8)"):
        FORM.networks(64, 3, LABELS, **{setting: [64]})


@pytest.mark.parametrize("asked", [True, False])
def test_spectral_norm_can_be_left_out_of_each_network_and_its_gain_with_it(asked: bool) -> None:
    pair = FORM.networks(
        *(32, 3, LABELS), spectral_norm_generator=asked, spectral_norm_discriminator=not asked
    )
    normalised = [
        any(parametrize.is_parametrized(layer) for layer in network.modules())
        for network in (pair.generator, pair.discriminator)
    ]
    assert normalised == [asked, not asked]
    assert pair.discriminator.gain == (1.0 if asked else 1.9)
