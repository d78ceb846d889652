"""Heads for labels on the reports' discriminators."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.errors import ConfigError
from ganx.layers.convolutional import ConvolutionalDiscriminator
from ganx.layers.heads import label_heads

LABELS = Condition("labels", (Group("object", tuple("abcd")),))
FORM = Interface(64, 3, LABELS)


def layers() -> list[nn.Module]:
    """List a discriminator's layers at width 2, with maps of 32, 16, 8 and 4."""
    channels = (3, 2, 4, 8, 16)
    blocks = [
        [nn.Conv2d(a, b, 4, 2, 1), nn.BatchNorm2d(b), nn.LeakyReLU()] for a, b in pairwise(channels)
    ]
    return [*(layer for block in blocks for layer in block), nn.Conv2d(16, 1, 4)]


@pytest.mark.parametrize(("side", "last"), [(32, 2), (16, 5), (8, 8), (4, 11)])
def test_evidence_is_looked_for_at_the_end_of_the_block_of_that_side(side: int, last: int) -> None:
    heads = label_heads(FORM, layers(), 2, "projection", side)
    assert heads is not None
    assert heads.evidence_after == last
    found = ConvolutionalDiscriminator(None, layers(), heads)(
        torch.randn(2, 3, 64, 64), torch.eye(4)[:2]
    )
    assert found.aux["condition"].shape == (2, 4)


def test_the_score_is_the_layers_and_the_projection_of_the_last_maps_mean() -> None:
    heads = label_heads(FORM, layers(), 2, "projection", 0)
    judge = ConvolutionalDiscriminator(None, layers(), heads).eval()
    images, c = torch.randn(2, 3, 64, 64), torch.eye(4)[:2]
    hidden = judge.layers[:-1](images)
    assert heads is not None
    assert heads.projection is not None
    expected = judge.layers(images).flatten() + heads.projection(hidden.mean(dim=(2, 3)), c)
    found = judge(images, c)
    assert torch.allclose(found.score, expected, atol=1e-6)
    assert found.aux == {}


def test_a_plane_or_no_labels_have_no_heads() -> None:
    assert label_heads(FORM, layers(), 2, "plane", 0) is None
    assert label_heads(Interface(64, 3, UNCONDITIONAL), layers(), 2, "projection", 8) is None


def test_evidence_beside_a_plane_is_refused_as_it_would_be_read_off() -> None:
    with pytest.raises(ConfigError, match="read them off"):
        label_heads(FORM, layers(), 2, "plane", 8)


def test_a_side_without_a_map_is_refused_with_those_that_have_one() -> None:
    with pytest.raises(ConfigError, match="the sides 4, 8, 16, 32"):
        label_heads(FORM, layers(), 2, "projection", 12)
