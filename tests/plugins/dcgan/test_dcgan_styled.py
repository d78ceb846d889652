"""DCGAN in the form that learns its labels, and the report's with heads for labels."""

from types import MappingProxyType

from styled_form import StyledForm, StyledRuns
from torch import nn

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.interface import Interface
from ganx.testing import ModelContract
from ganx.testing.interfaces import LABELS
from ganx_dcgan.plugin import ganx_models

SPEC = next(iter(ganx_models()))
LABELLED, UNLABELLED = Interface(64, 3, LABELS), Interface(32, 1, UNCONDITIONAL)


class TestStyledContract(ModelContract):
    spec = SPEC
    config = MappingProxyType({"form": "styled", "width": 12})
    interfaces = (LABELLED,)
    exporters = ()  # G is sagan's without attention, which is exported there


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
            "discriminator_condition_slope": 0.0,
            "discriminator_norm": "none",
            "discriminator_slope": 0.3,
            "generator_bias": True,
            "discriminator_bias": True,
            "init_sigma": 0.0,
        }
    )


class TestStyledRuns(StyledRuns):
    plugin = "dcgan"
    recipe = "dcgan-labels"
    unlabelled_recipe = "dcgan"


FORM = TestStyledForm()


def test_it_is_plain_and_its_critic_may_have_another_width() -> None:
    pair = FORM.networks(64, 3, LABELS, discriminator_width=6, noise="uniform")
    assert pair.latent.parts[0].kind == "uniform"
    assert (pair.generator.paint.in_channels, pair.discriminator.halve.out_channels) == (8, 6)
    assert pair.discriminator.gain == 1.0
    for network in pair.modules().values():
        names = {type(layer).__name__ for layer in network.modules()}
        assert not names & {"SelfAttention", "ParametrizationList"}
    assert not any(isinstance(one, nn.BatchNorm2d) for one in pair.discriminator.modules())
