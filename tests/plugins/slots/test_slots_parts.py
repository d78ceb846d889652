"""The parts of the generator against closed forms: placing, layering, stretching, blurring."""

import math

import pytest
import torch

from ganx.contracts.condition import Condition, Group
from ganx.contracts.interface import Interface
from ganx_slots.compositing import Placing, layered, occlusion
from ganx_slots.config import SlotsConfig
from ganx_slots.generator import SlotGenerator
from ganx_slots.layout import Pose, Poses, SetLayer, standing
from ganx_slots.networks import build
from ganx_slots.renderer import Background

LABELS = Condition("labels", (Group("object", tuple("abcdef")),), most=3)


def pose(across: float, down: float, size: float) -> Pose:
    return Pose(torch.tensor([[[across, down]]]), torch.tensor([[[size]]]), torch.tensor([[[0.0]]]))


def test_a_sprite_of_full_size_lies_cell_upon_cell() -> None:
    sprite = torch.randn(1, 1, 2, 4, 4)
    placed = Placing(8, 4)(sprite, pose(2.5, 4.5, 1.0))
    assert torch.allclose(placed[..., 3:7, 1:5], sprite)
    assert torch.allclose(placed.sum(), sprite.sum(), atol=1e-5)


def test_the_first_number_of_a_centre_runs_across_and_the_second_down() -> None:
    sprite = torch.ones(1, 1, 1, 1, 1)
    placed = Placing(8, 1)(sprite, pose(2.0, 5.0, 1.0))
    assert placed[0, 0, 0].nonzero().tolist() == [[5, 2]]


def test_half_way_between_two_cells_each_has_half() -> None:
    placed = Placing(8, 1)(torch.ones(1, 1, 1, 1, 1), pose(2.5, 3.0, 1.0))
    assert placed[0, 0, 0, 3, 2:4].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("size", [0.5, 1.0, 2.0])
def test_an_even_sprite_stays_even_at_every_size(size: float) -> None:
    placed = Placing(32, 16)(torch.ones(1, 1, 1, 16, 16), pose(15.5, 15.5, size))
    inner = int(16 * size / 2) - 2
    middle = placed[0, 0, 0, 16 - inner : 16 + inner, 16 - inner : 16 + inner]
    assert torch.allclose(middle, torch.ones_like(middle), atol=1e-5)


def test_a_slot_is_hidden_by_what_covers_it_from_the_front() -> None:
    cover = torch.ones(1, 2, 1, 1, 1)
    seen = occlusion(cover, torch.tensor([[[0.0], [1.0]]])).flatten()
    behind = 1 - torch.sigmoid(torch.tensor(4.0))
    assert torch.allclose(seen, torch.stack([behind, torch.sigmoid(torch.tensor(4.0))]))


def test_a_slot_that_covers_nothing_hides_nothing() -> None:
    cover = torch.tensor([1.0, 0.0]).view(1, 2, 1, 1, 1)
    assert occlusion(cover, torch.tensor([[[0.0], [9.0]]]))[0, 0].item() == 1.0


def test_the_background_shows_through_what_is_not_covered() -> None:
    placed = torch.tensor([[[[[0.2]], [[0.25]]]]])  # one slot: a feature times alpha, and alpha
    image = layered(placed, torch.zeros(1, 1, 1), torch.full((1, 1, 1, 1), 4.0))
    assert image.item() == pytest.approx(0.2 + 4 * 0.75)


def test_an_empty_slot_changes_no_pixel() -> None:
    filled = torch.rand(2, 1, 4, 8, 8)
    background = torch.randn(2, 3, 8, 8)
    empty = torch.cat([filled, torch.zeros(2, 1, 4, 8, 8)], dim=1)
    depth = torch.tensor([[[0.3], [5.0]]]).repeat(2, 1, 1)
    alone = layered(filled, depth[:, :1], background)
    assert torch.equal(layered(empty, depth, background), alone)


def test_the_set_layer_does_not_care_for_the_order_of_slots() -> None:
    torch.manual_seed(0)
    layer = SetLayer(noise=2, features=8)
    noise = torch.randn(2, 4, 2)
    there = torch.tensor([1.0, 0.0, 1.0, 1.0]).view(1, 4, 1).repeat(2, 1, 1)
    order = torch.tensor([2, 0, 3, 1])
    still = torch.rand(2, 4, 1)
    expected = layer(noise, there, still)[:, order]
    given = layer(noise[:, order], there[:, order], still[:, order])
    assert torch.allclose(given, expected, atol=1e-6)


def test_a_slot_hears_the_others_but_not_empty_slots() -> None:
    torch.manual_seed(0)
    layer = SetLayer(noise=2, features=8)
    noise, there = torch.randn(1, 3, 2), torch.tensor([1.0, 1.0, 0.0]).view(1, 3, 1)
    still = torch.zeros(1, 3, 1)
    before = layer(noise, there, still)
    for slot, heard in ((1, True), (2, False)):
        other = noise.clone()
        other[:, slot] += 1
        assert torch.equal(layer(other, there, still)[:, 0], before[:, 0]) != heard


def test_an_exchanged_label_leaves_the_other_objects_as_they_are() -> None:
    torch.manual_seed(0)
    pair = build(Interface(64, 3, LABELS), SlotsConfig(width=8))
    generator = pair.generator
    assert isinstance(generator, SlotGenerator)
    z = torch.randn(5, pair.latent.size)
    one, other = torch.zeros(5, 6), torch.zeros(5, 6)
    one[:, [1, 2, 4]] = 1
    other[:, [1, 3, 4]] = 1
    z[:, 24:32] = z[:, 16:24]  # the new label has the noise of the one that it replaces
    before, after = generator.place(z, one), generator.place(z, other)
    for slot, same in ((0, True), (1, False), (2, True)):
        for was, now in zip(before, after, strict=True):
            assert torch.equal(was[:, slot], now[:, slot]) == same


def test_one_slot_stands_still_and_an_empty_one_never_does() -> None:
    noise = torch.zeros(1, 3, 8)
    noise[0, :, 2] = torch.tensor([0.0, 2.0, 3.0])
    there = torch.tensor([1.0, 1.0, 0.0]).view(1, 3, 1)
    still = standing(noise, there).flatten()
    assert torch.allclose(still, torch.tensor([1.0, math.exp(6), 0.0]) / (1 + math.exp(6)))
    assert standing(noise, torch.zeros(1, 3, 1)).eq(0).all()
    alone = torch.tensor([0.0, 1.0, 0.0]).view(1, 3, 1)
    assert standing(noise, alone).flatten().tolist() == [0.0, 1.0, 0.0]


def test_a_slot_that_stands_still_is_not_moved_by_its_noise() -> None:
    torch.manual_seed(0)
    poses = Poses(features=8, embedding=3, side=32, cell=0.6)
    tokens, embedding, noise = torch.randn(2, 1, 8), torch.randn(2, 1, 3), torch.randn(2, 1, 8)
    for still, same in ((1.0, True), (0.0, False)):
        share = torch.full((2, 1, 1), still)
        one, other = (poses(tokens, embedding, given, share).centre for given in (noise, -noise))
        assert torch.equal(one, other) == same


def test_centres_stay_in_sight_whatever_the_weights() -> None:
    poses = Poses(features=8, embedding=3, side=32, cell=0.6)
    with torch.no_grad():
        poses.pose.weight.mul_(1e3)
    tokens, embedding, noise = torch.randn(4, 3, 8), torch.randn(4, 3, 3), torch.randn(4, 3, 8)
    centre = poses(tokens, embedding, noise, torch.zeros(4, 3, 1)).centre
    assert centre.min() >= 1.0
    assert centre.max() <= 30.0


def test_a_background_runs_smoothly_from_corner_to_corner() -> None:
    background = Background(noise=2, features=1, hidden=4, cells=2, side=5)
    with torch.no_grad():
        background.second.weight.zero_()
        background.base.copy_(torch.tensor([[[[0.0, 4.0], [8.0, 12.0]]]]))
    expected = torch.arange(5.0).view(1, 5) + 2 * torch.arange(5.0).view(5, 1)
    assert torch.allclose(background(torch.zeros(1, 2))[0, 0], expected)


def test_a_model_says_how_many_labels_it_can_show() -> None:
    assert build(Interface(32, 3, LABELS), SlotsConfig(width=8)).most_labels == 3
    assert build(Interface(32, 3, LABELS), SlotsConfig(width=8, slots=5)).most_labels == 5
    assert build(Interface(32, 3, LABELS), SlotsConfig(generator="plain")).most_labels == 0
