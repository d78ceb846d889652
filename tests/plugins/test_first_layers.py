"""What the first layers of D are in every shipped model: those that ``train.freeze`` holds."""

from typing import Any

import pytest
import torch

from ganx.config import validated
from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.host import default_host
from ganx.training.freezing import discriminator_layers
from ganx.training.label_axes import label_axes

_LABELS = Condition("labels", (Group("thing", ("cat", "dog", "owl")),))
_STYLED = [["first"], ["halve"], ["refine"], ["deepen"], ["last"]]
_CONVOLUTIONS = [["layers.0"], ["layers.2", "layers.3"], ["layers.5", "layers.6"], ["layers.8"]]


@pytest.mark.parametrize(
    ("name", "settings", "expected"),
    [
        ("slots", {}, [["first"], ["down"], ["trunk.0"], ["deep.0"], ["deep.1"], ["judge"]]),
        ("sagan", {"form": "styled"}, [*_STYLED, ["attend_deep"], ["judge"]]),
        ("sagan", {}, [[f"layers.{place}"] for place in (0, 2, 4, 5, 7, 8)]),
        ("sagan-resnet", {}, [[f"layers.{i}"] for i in range(4)] + [["last"], ["judge"]]),
        ("dcgan", {"form": "styled"}, [*_STYLED, ["judge"]]),
        ("dcgan", {}, _CONVOLUTIONS),
        ("dcgan", {"discriminator_condition": "projection", "evidence": 8}, _CONVOLUTIONS),
        (
            "acgan",
            {},
            [["layers.1"], *([f"layers.{i}", f"layers.{i + 1}"] for i in (4, 8, 12)), ["source"]],
        ),
        ("infogan", {}, [["trunk.0"], ["trunk.2", "trunk.3"], ["trunk.5", "trunk.6"], ["head"]]),
    ],
)
def test_the_first_layers_of_each_discriminator(
    name: str, settings: dict[str, Any], expected: list[list[str]]
) -> None:
    spec = default_host().models[name]
    config = validated(spec.config, {"width": 8, **settings}, "model")
    interface = Interface(32, 3, UNCONDITIONAL if name == "infogan" else _LABELS)
    torch.manual_seed(0)
    networks = spec.build(interface, config)
    axes = label_axes(lambda one: spec.build(one, config), interface)
    names = {module: key for key, module in networks.discriminator.named_modules()}
    found = discriminator_layers(networks, interface, axes["discriminator"].tensors)
    assert [[names[module] for module in layer] for layer in found] == expected
