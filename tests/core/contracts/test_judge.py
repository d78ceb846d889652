"""What a judge can be asked, whatever network it is made of."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ganx.contracts.condition import Condition, Group
from ganx.contracts.interface import Interface
from ganx.contracts.judge import Judge, resized
from ganx.judging.network import JudgeNetwork

LABELS = Condition("labels", (Group("object", ("red", "green", "blue")),))


class Redness(nn.Module):
    """A network that is not ganx's own: the mean of each channel."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))
        self.sides: list[int] = []

    def features(self, images: Tensor) -> Tensor:
        self.sides.append(images.shape[-1])
        return images.mean(dim=(2, 3))

    def forward(self, images: Tensor) -> Tensor:
        return self.features(images) * self.scale


def judge(side: int = 16) -> Judge:
    return Judge(Redness().eval(), Interface(side, 3, LABELS), {})


def images(side: int) -> Tensor:
    return torch.rand(3, 3, side, side, generator=torch.Generator().manual_seed(1)) * 2 - 1


def test_any_module_with_features_can_judge() -> None:
    shown = images(16)
    expected = shown.double().mean(dim=(2, 3))
    np.testing.assert_allclose(judge().features(shown), expected, atol=1e-6)
    np.testing.assert_allclose(judge().probabilities(shown), expected.sigmoid(), atol=1e-6)


@pytest.mark.parametrize("side", [8, 16, 33])
def test_images_of_any_resolution_are_brought_to_its_own(side: int) -> None:
    one = judge()
    one.probabilities(images(side))
    one.features(images(side))
    assert isinstance(one.network, Redness)
    assert one.network.sides == [16, 16]


def test_images_of_its_own_resolution_are_not_touched() -> None:
    shown = images(16)
    assert resized(shown, 16) is shown


def test_shrinking_averages_and_does_not_pick() -> None:
    stripes = torch.ones(1, 3, 32, 32)
    stripes[..., ::2] = -1
    assert resized(stripes, 8)[..., 2:-2].abs().max() < 0.1
    ramp = torch.linspace(-1, 1, 8).expand(1, 1, 8, 8)
    assert torch.all(resized(ramp, 16).diff(dim=-1) >= 0)


def test_the_digest_is_of_the_weights_alone() -> None:
    interface = Interface(16, 3, LABELS)
    network = JudgeNetwork(interface, 4).eval()
    first = Judge(network, interface, {})
    assert len(first.digest) == 8
    assert int(first.digest, 16) >= 0
    assert replace(first, record={"threshold": 0.3}).digest == first.digest
    other = JudgeNetwork(interface, 4).eval()
    other.load_state_dict(network.state_dict())
    assert Judge(other, interface, {}).digest == first.digest
    with torch.no_grad():
        other.norm.running_mean += 1e-3
    assert Judge(other, interface, {}).digest != first.digest


def test_its_name_says_what_and_at_which_resolution() -> None:
    assert judge().name == "unnamed 16px"
    assert replace(judge(), record={"dataset": {"name": "iclevr"}}).name == "iclevr 16px"
    assert replace(judge(), record={"name": "the lab's"}).name == "the lab's"


def test_of_an_unknown_judge_nothing_is_claimed() -> None:
    assert judge().threshold == 0.5
    assert judge().held_out == {}


@pytest.mark.parametrize(("images", "has_caution"), [(2, True), (99, True), (100, False)])
def test_a_judge_that_was_examined_on_few_images_says_so(images: int, has_caution: bool) -> None:
    examined = {"held_out": {"images": images, "scores": {"top-k": 1.0}}}
    said = replace(judge(), record=examined).caution
    assert bool(said) == has_caution
    assert not has_caution or f"The judge was examined on {images} images only" in said


def test_of_a_judge_whose_images_nobody_counted_no_caution_is_known() -> None:
    assert judge().caution == ""
    assert replace(judge(), record={"held_out": {"scores": {"top-k": 1.0}}}).caution == ""
