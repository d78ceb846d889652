"""Heads for labels on a report's discriminator: where they look, and what they add."""

import pytest
import torch
from torch import nn

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.errors import ConfigError
from ganx.layers.convolutional import ConvolutionalDiscriminator, LabelHeads
from ganx.layers.heads import label_heads
from ganx.layers.pyramid import channels_at, hidden_sides

LABELS = Condition("labels", (Group("object", tuple("abcdef")),))
C = torch.tensor([[1.0, 0, 0, 1, 0, 0], [0, 1, 1, 0, 0, 1]])


def layers(resolution: int, norm: bool = False) -> list[nn.Module]:
    """List a discriminator's layers as DCGAN has them."""
    listed, inputs = list[nn.Module](), 3
    for side in reversed(hidden_sides(resolution)):
        outputs = channels_at(side, resolution, 4)
        listed += [nn.Conv2d(inputs, outputs, 4, 2, 1)]
        listed += [nn.InstanceNorm2d(outputs)] if norm and side > 4 else []
        listed += [nn.LeakyReLU(0.2)]
        inputs = outputs
    return [*listed, nn.Conv2d(inputs, 1, 4)]


def judge(
    resolution: int = 32, evidence: int = 0, norm: bool = False
) -> tuple[ConvolutionalDiscriminator, LabelHeads]:
    torch.manual_seed(0)
    own = layers(resolution, norm)
    heads = label_heads(Interface(resolution, 3, LABELS), own, 4, "projection", evidence)
    assert heads is not None
    return ConvolutionalDiscriminator(None, own, heads), heads


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("resolution", [32, 64, 128])
def test_evidence_is_looked_for_at_the_end_of_the_block_of_its_side(
    resolution: int, norm: bool
) -> None:
    for side in hidden_sides(resolution):
        network, heads = judge(resolution, side, norm)
        assert isinstance(network.layers[heads.evidence_after], nn.LeakyReLU)
        assert heads.evidence is not None
        seen: list[torch.Tensor] = []
        heads.evidence.register_forward_pre_hook(lambda _, x, seen=seen: seen.append(x[0]))
        aux = network(torch.randn(2, 3, resolution, resolution), C).aux
        assert seen[0].shape == (2, channels_at(side, resolution, 4), side, side)
        assert aux["condition"].shape == (2, 6)


def test_the_score_is_the_layers_and_the_projection_of_the_last_map_s_mean() -> None:
    network, heads = judge()
    assert isinstance(heads.projection, nn.Module)
    x = torch.randn(2, 3, 32, 32)
    with torch.no_grad():
        hidden = network.layers[:-1](x).mean(dim=(2, 3))
        plain = network.layers(x).flatten()
        agreement = (C @ heads.projection.table.weight.T * hidden).sum(dim=1)
        torch.testing.assert_close(network(x, C).score, plain + agreement)
        torch.testing.assert_close(network(x).score, plain)
    assert agreement.abs().min() > 1e-4
    assert network(x, C).aux == {}


def test_the_evidence_hangs_on_the_images_alone() -> None:
    network, _ = judge(evidence=8)
    x = torch.randn(2, 3, 32, 32)
    told = network(x, C).aux["condition"]
    assert torch.equal(told, network(x, C.flip(0)).aux["condition"])
    assert not torch.equal(told, network(-x, C).aux["condition"])


def test_the_projection_starts_small_enough_for_the_features() -> None:
    form = Interface(32, 3, Condition("labels", (Group("o", tuple(map(str, range(50)))),)))
    heads = label_heads(form, layers(32), 64, "projection", 0)
    assert heads is not None
    weights = heads.projection.table.weight.detach()
    assert weights.shape == (256, 50)
    assert float(weights.std()) == pytest.approx(0.5 / 16, rel=0.03)


@pytest.mark.parametrize(("condition", "way"), [(LABELS, "plane"), (UNCONDITIONAL, "projection")])
def test_no_labels_and_no_projection_mean_no_heads(condition: Condition, way: str) -> None:
    assert label_heads(Interface(32, 3, condition), layers(32), 4, way, 0) is None


def test_without_labels_evidence_is_left_out() -> None:
    form = Interface(32, 3, UNCONDITIONAL)
    assert label_heads(form, layers(32), 4, "projection", 8) is None


def test_a_side_that_no_map_has_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ConfigError, match=r"map of 32x32, but D's .* sides 4, 8, 16\. Choose"):
        label_heads(Interface(32, 3, LABELS), layers(32), 4, "projection", 32)


def test_evidence_beside_a_plane_is_refused_with_both_ways_out() -> None:
    with pytest.raises(ConfigError, match=r"read them off\. Set model\.discriminator_condition"):
        label_heads(Interface(32, 3, LABELS), layers(32), 4, "plane", 8)
