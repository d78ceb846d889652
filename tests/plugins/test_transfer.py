"""Labels keep their pictures and their logits in another vocabulary, in every shipped model."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import torch
from torch import Tensor

from ganx.config import validated
from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks, critique_of, generate
from ganx.host import PluginHost, default_host
from ganx.training.label_axes import label_axes
from ganx.training.transfer import Transfer
from ganx.training.vocabulary import matched

FORMER = {
    "labels": Condition("labels", (Group("thing", ("cat", "dog", "red car", "sun")),), most=2),
    "classes": Condition("classes", (Group("thing", ("cat", "dog", "red car")),)),
    "attributes": Condition(
        "attributes", (Group("hair", ("pink", "blue", "red")), Group("eyes", ("blue", "green")))
    ),
}
OTHERS = {
    ("labels", "reordered"): (("sun", "red car", "cat", "dog"),),
    ("labels", "extended"): (("owl", "dog", "cat", "tree", "sun", "red car", "sea"),),
    ("labels", "reduced"): (("red car", "cat"),),
    ("classes", "reduced"): (("red car", "owl", "cat"),),
    ("attributes", "extended"): (("red", "grey", "pink", "blue"), ("grey", "green", "blue")),
}
PROMPTS = {
    "labels": ("red car", "red car, cat"),
    "classes": ("red car", "cat"),
    "attributes": ("hair=red, eyes=green", "hair=blue, eyes=blue"),
}
_SEEING = {"discriminator_condition": "projection", "evidence": 8}
MODELS: list[tuple[str, dict[str, Any]]] = [
    ("slots", {"width": 4}),
    ("slots", {"width": 4, "generator": "plain"}),
    ("sagan", {"width": 4}),
    ("sagan", {"width": 4, **_SEEING, "condition_features": 8}),
    ("sagan", {"width": 8, "form": "styled"}),
    ("sagan-resnet", {"width": 4}),
    ("dcgan", {"width": 4, "condition_features": 16, "discriminator_condition_slope": 0.0}),
    ("dcgan", {"width": 4, **_SEEING}),
    ("dcgan", {"width": 8, "form": "styled"}),
    ("acgan", {"width": 4}),
]


@dataclass(frozen=True)
class Pair:
    """Networks of one model for two vocabularies, the second of which took over what fits."""

    former: Networks
    fresh: Networks
    conditions: tuple[Condition, Condition]
    afresh: list[str]


@pytest.fixture(scope="module")
def host() -> PluginHost:
    return default_host()


def other(kind: str, change: str) -> Condition:
    former = FORMER[kind]
    values = OTHERS[kind, change]
    groups = [replace(g, values=v) for g, v in zip(former.groups, values, strict=True)]
    return replace(former, groups=tuple(groups))


def lived_in(networks: Networks) -> None:
    """Give every tensor some other values than its first ones, as training does."""
    for network in networks.modules().values():
        network.eval()
        for tensor in network.state_dict().values():
            if tensor.is_floating_point():
                tensor.add_(0.05 * torch.randn_like(tensor))


def pair(
    host: PluginHost, name: str, settings: dict[str, Any], before: Condition, now: Condition
) -> Pair:
    spec = host.models[name]
    config = validated(spec.config, settings, "model")
    interfaces = [Interface(32, 3, condition) for condition in (before, now)]
    torch.manual_seed(1)
    former = spec.build(interfaces[0], config)
    lived_in(former)
    torch.manual_seed(2)
    fresh = spec.build(interfaces[1], config)
    there, here = (label_axes(lambda one: spec.build(one, config), one) for one in interfaces)
    labels, afresh = matched(before, now), []
    for key, network in fresh.modules().items():
        transfer = Transfer(labels, there[key], here[key])
        old = former.modules()[key].state_dict()
        tensors, names = transfer.of(old, network.state_dict())
        network.load_state_dict(tensors)
        network.eval()
        afresh += names
    return Pair(former, fresh, (before, now), afresh)


def latents(found: Pair) -> tuple[Tensor, Tensor]:
    """Draw z for both: where each label has noise of its own, it keeps it."""
    torch.manual_seed(3)
    former = torch.randn(3, found.former.latent.size)
    own = getattr(getattr(found.former.generator, "filling", None), "owners", 0)
    before, now = found.conditions
    if own != before.size or before.kind != "labels":
        assert found.fresh.latent.size == found.former.latent.size
        return former, former
    noise = found.former.generator.filling.noise
    fresh = torch.randn(3, found.fresh.latent.size)
    fresh[:, now.size * noise :] = former[:, own * noise :]
    for place, old in enumerate(matched(before, now)):
        if old is not None:
            its = former[:, old * noise : (old + 1) * noise]
            fresh[:, place * noise : (place + 1) * noise] = its
    return former, fresh


def asked(found: Pair, prompt: str) -> Iterator[Tensor]:
    for condition in found.conditions:
        yield torch.tensor([condition.encode(prompt)] * 3)


CASES = [(*model, *case) for model in MODELS for case in OTHERS]


@pytest.mark.parametrize(("name", "settings", "kind", "change"), CASES)
@torch.no_grad()
def test_the_same_label_draws_the_same_picture_and_is_seen_in_it_as_well(
    host: PluginHost, name: str, settings: dict[str, Any], kind: str, change: str
) -> None:
    found = pair(host, name, settings, FORMER[kind], other(kind, change))
    assert found.afresh == []
    before, now = latents(found)
    for prompt in PROMPTS[kind]:
        conditions = list(asked(found, prompt))
        drawn = generate(found.former.generator, before, conditions[0])
        again = generate(found.fresh.generator, now, conditions[1])
        torch.testing.assert_close(again, drawn, rtol=1e-3, atol=1e-4)
        said = critique_of(found.former.discriminator, drawn, conditions[0])
        says = critique_of(found.fresh.discriminator, drawn, conditions[1])
        if change == "reordered" or name != "sagan-resnet":  # sigma is that of another matrix
            torch.testing.assert_close(says.score, said.score, rtol=1e-3, atol=1e-3)
        places = matched(*found.conditions)
        known = [place for place, old in enumerate(places) if old is not None]
        olds = [old for old in places if old is not None]
        for head, logits in says.aux.items():
            torch.testing.assert_close(
                logits[:, known], said.aux[head][:, olds], rtol=1e-3, atol=1e-3
            )
    different = generate(found.former.generator, before, next(asked(found, PROMPTS[kind][1])))
    assert not torch.allclose(
        different, generate(found.former.generator, before, next(asked(found, PROMPTS[kind][0])))
    )


@pytest.mark.parametrize(("name", "settings"), [one for one in MODELS if one[0] != "acgan"])
@pytest.mark.parametrize("labelled_first", [True, False])
def test_what_fits_is_taken_over_where_labels_come_or_go(
    host: PluginHost, name: str, settings: dict[str, Any], *, labelled_first: bool
) -> None:
    conditions = (FORMER["classes"], UNCONDITIONAL)
    before, now = conditions if labelled_first else conditions[::-1]
    settings = {k: v for k, v in settings.items() if k != "evidence" or labelled_first}
    found = pair(host, name, settings, before, now)
    tensors = [key for net in found.fresh.modules().values() for key in net.state_dict()]
    assert len(found.afresh) < 0.3 * len(tensors)
