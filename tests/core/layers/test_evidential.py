"""The discriminator that is asked for the labels."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize

from ganx.builtin.losses.penalties import gradient_norms
from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.layers.attention import SelfAttention
from ganx.layers.evidential import EvidentialDiscriminator
from ganx.layers.spectral_norm import spectral_normalise, unnormalised

LABELS = Condition("labels", (Group("object", tuple("abcd")),))


def discriminator(
    resolution: int = 64,
    condition: Condition = LABELS,
    attention: tuple[int, ...] = (),
    gain: float = 1.0,
) -> EvidentialDiscriminator:
    torch.manual_seed(0)
    form = Interface(resolution, 3, condition)
    return EvidentialDiscriminator(form, 8, unnormalised, attention, gain).eval()


@pytest.mark.parametrize("resolution", [32, 64, 128])
def test_it_scores_images_and_names_their_labels(resolution: int) -> None:
    found = discriminator(resolution)(torch.randn(3, 3, resolution, resolution), torch.eye(4)[:3])
    assert found.score.shape == (3,)
    assert found.aux["condition"].shape == (3, 4)


def test_what_it_names_does_not_depend_on_what_it_is_told() -> None:
    judge, images = discriminator(), torch.randn(3, 3, 64, 64)
    told, other = (judge(images, c) for c in (torch.eye(4)[:3], torch.zeros(3, 4)))
    assert torch.equal(told.aux["condition"], other.aux["condition"])


def test_a_label_adds_the_projection_of_the_last_features() -> None:
    judge, images = discriminator(), torch.randn(3, 3, 64, 64)
    scores = [judge(images, c).score for c in torch.eye(4)[:, None].expand(4, 3, 4)]
    bare = judge(images, torch.zeros(3, 4)).score
    both = judge(images, torch.tensor([1.0, 1, 0, 0]).expand(3, 4)).score
    assert torch.allclose(both - bare, scores[0] + scores[1] - 2 * bare, atol=1e-5)
    assert (scores[0] - bare).abs().min() > 0


def test_a_label_is_found_where_it_shows_and_nowhere_else() -> None:
    """Log-sum-exp: two places with the same evidence are worth the logarithm of two more."""
    judge = discriminator()
    assert judge.evidence is not None
    assert judge.evidence.maps.in_channels == judge.refine.out_channels
    seen: list[torch.Size] = []
    judge.evidence.register_forward_pre_hook(lambda _, given: seen.append(given[0].shape))
    judge(torch.randn(2, 3, 64, 64), torch.eye(4)[:2])
    assert seen == [(2, 8, 16, 16)]


def test_without_labels_it_has_no_heads() -> None:
    judge = discriminator(condition=UNCONDITIONAL)
    found = judge(torch.randn(2, 3, 64, 64))
    assert (found.score.shape, found.aux) == ((2,), {})
    assert judge.projection is judge.evidence is None


def test_the_gain_multiplies_each_activation() -> None:
    plain, loud = discriminator(), discriminator(gain=2.0)
    features = torch.randn(2, 3, 4, 4)
    assert torch.equal(loud._activate(features), 2 * plain._activate(features))
    images, c = torch.randn(2, 3, 64, 64), torch.eye(4)[:2]
    assert not torch.equal(loud(images, c).score, plain(images, c).score)


def test_attention_is_at_the_sides_asked_for() -> None:
    for asked in ((), (8,), (16,), (16, 8)):
        judge = discriminator(attention=asked)
        found = [isinstance(one, SelfAttention) for one in (judge.attend_found, judge.attend_deep)]
        assert found == [side in asked for side in (16, 8)]


def test_all_but_the_layers_of_logits_are_normalised() -> None:
    judge = EvidentialDiscriminator(Interface(64, 3, LABELS), 8, spectral_normalise, (8,))
    normalised = {
        name
        for name, layer in judge.named_modules()
        if isinstance(layer, nn.Conv2d) and parametrize.is_parametrized(layer)
    }
    assert normalised == {"first", "halve", "refine", "deepen", "last"}


def test_a_penalty_on_its_gradient_teaches_every_layer_that_the_score_comes_from() -> None:
    judge = copy.deepcopy(discriminator(attention=(8,))).train()
    gradient_norms(judge, torch.randn(2, 3, 64, 64), torch.eye(4)[:2]).square().sum().backward()
    without = {name for name, one in judge.named_parameters() if one.grad is None}
    # What only shifts the score, and what only names labels, has no part in its gradient.
    assert without == {"evidence.maps.weight", "evidence.maps.bias", "judge.bias"}
