"""The first layers of D can be held at the weights that a run starts from."""

from pathlib import Path
from typing import Any

import pytest
import torch
from lab import Lab, assert_same_checkpoint
from torch import Tensor, nn

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.networks import Critique, Networks
from ganx.errors import ConfigError
from ganx.runs.checkpoint import load_tensors
from ganx.training.freezing import discriminator_layers, held_layers

SIDE = 8


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"optimizer": {"discriminator": {"name": "adamw", "weight_decay": 0.1}}},
        {"loss": {"sum": "bce + r1"}, "plan": {"name": "joint", "reuse_fakes": True}},
    ],
)
def test_held_layers_stay_and_the_others_learn_to_the_same_bits_when_resumed(
    lab: Lab, settings: dict[str, Any]
) -> None:
    former = lab.run()
    chosen = {**settings, "train": {"init_from": former.path.name, "freeze": 1}}
    whole = lab.run(**chosen)
    before, after = (
        load_tensors(run.newest_checkpoint(), "discriminator") for run in (former, whole)
    )
    same = {key: torch.equal(after[key], tensor) for key, tensor in before.items()}
    assert same == {
        "look.weight": True,
        "look.bias": True,
        "judge.weight": False,
        "judge.bias": False,
    }
    with lab.start(**chosen) as trainer:
        trainer.train(lambda: trainer.images_seen >= 48)
    assert_same_checkpoint(whole, lab.resume(trainer.run))


def test_generator_and_penalties_learn_through_held_layers(lab: Lab) -> None:
    former = lab.run()
    run = lab.run(train={"init_from": former.path.name, "freeze": 1})
    before, after = (load_tensors(one.newest_checkpoint(), "generator") for one in (former, run))
    assert not torch.equal(before["paint.weight"], after["paint.weight"])


def test_holding_needs_weights_to_hold(lab: Lab) -> None:
    with pytest.raises(ConfigError, match=r"train\.init_from names none"):
        lab.run(train={"freeze": 1})


def test_more_layers_than_there_are_cannot_be_held(lab: Lab) -> None:
    former = lab.run()
    with pytest.raises(ConfigError, match=r"train\.freeze is 2, but .* 1 can be held"):
        lab.run(train={"init_from": former.path.name, "freeze": 2})


def test_what_is_held_cannot_change_midway(lab: Lab) -> None:
    run = lab.run()
    with pytest.raises(ConfigError, match=r"train\.freeze cannot change"):
        lab.resume(run, train={"freeze": 1, "images": 200})


class Backwards(nn.Module):
    """A trunk whose layers are registered in another order than they are called."""

    def __init__(self) -> None:
        super().__init__()
        self.idle = nn.Linear(2, 2)
        self.last = nn.Linear(4 * SIDE**2, 1)
        self.norms = nn.ModuleList([nn.BatchNorm2d(4)])
        self.first = nn.ModuleDict({"look": nn.Conv2d(3, 4, 1)})

    def forward(self, images: Tensor) -> Tensor:
        """Judge."""
        return self.last(self.norms[0](self.first["look"](images)).flatten(1))


class Wrapped(nn.Module):
    """A D with everything in one module, and a head that G's optimizer moves."""

    def __init__(self) -> None:
        super().__init__()
        self.body = Backwards()

    def forward(self, images: Tensor) -> Critique:
        """Judge."""
        return Critique(self.body(images).flatten(), {})


def test_layers_are_counted_in_the_order_of_their_calls_wherever_they_lie() -> None:
    interface = Interface(SIDE, 3, UNCONDITIONAL)

    def build(_: Interface) -> Networks:
        latent = Latent((LatentPart("noise", "normal", 2),))
        return Networks(nn.Linear(2, 2), Wrapped(), latent)

    networks = build(interface)
    body = networks.discriminator.body
    layers = discriminator_layers(networks, interface)
    assert layers == [[body.first["look"], body.norms[0]], [body.last]]
    assert networks.discriminator.training
    assert held_layers(build, networks, interface, 1) == (body.first["look"], body.norms[0])


def test_something_of_the_discriminator_has_to_learn() -> None:
    def build(_: Interface) -> Networks:
        latent = Latent((LatentPart("noise", "normal", 2),))
        network = nn.Sequential(nn.Conv2d(3, 4, SIDE), nn.Flatten(), nn.Linear(4, 1))
        return Networks(nn.Linear(2, 2), Judging(network), latent)

    interface = Interface(SIDE, 3, UNCONDITIONAL)
    with pytest.raises(ConfigError, match=r"train\.freeze is 2, but .* 1 can be held"):
        held_layers(build, build(interface), interface, 2)


class Judging(nn.Module):
    """D around layers."""

    def __init__(self, layers: nn.Module) -> None:
        super().__init__()
        self.layers = layers

    def forward(self, images: Tensor) -> Critique:
        """Judge."""
        return Critique(self.layers(images).flatten(), {})
