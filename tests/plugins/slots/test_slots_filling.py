"""Which label fills which slot, and which noise is whose: in PyTorch and in exported files."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
import torch
from torch import Tensor

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.errors import ConfigError
from ganx.host import default_host
from ganx_slots.config import SlotsConfig
from ganx_slots.filling import FreeSlots, GroupSlots, LabelSlots, filling_of
from ganx_slots.networks import build

LABELS = Condition("labels", (Group("object", ("a", "b", "c", "d", "e")),), most=3)
FACES = Condition("attributes", (Group("hair", ("pink", "blue")), Group("eyes", ("red", "gray"))))
NOISE, FEATURES = 2, 3

Draw = Callable[[Tensor, Tensor], Tensor]


def asked(*labels: int) -> Tensor:
    c = torch.zeros(1, LABELS.size)
    c[0, list(labels)] = 1
    return c


def label_slots(slots: int = 3) -> tuple[LabelSlots, Tensor]:
    torch.manual_seed(0)
    filling = LabelSlots(LABELS.size, slots, NOISE, FEATURES)
    return filling, torch.arange(LABELS.size * NOISE).float().view(1, -1)


def test_labels_fill_the_slots_in_the_order_of_the_vocabulary() -> None:
    filling, noise = label_slots()
    embedding, own, there = filling(noise, asked(4, 1))
    assert torch.equal(embedding[0, :2], filling.table[[1, 4]])
    assert own[0, :2].tolist() == [[2, 3], [8, 9]]
    assert there.flatten().tolist() == [1, 1, 0]


def test_an_empty_slot_holds_nothing() -> None:
    filling, noise = label_slots()
    embedding, own, _ = filling(noise, asked())
    assert not embedding.any()
    assert not own.any()


def test_labels_beyond_the_last_slot_are_not_shown() -> None:
    filling, noise = label_slots(slots=2)
    for given, expected in zip(
        filling(noise, asked(0, 2, 3)), filling(noise, asked(0, 2)), strict=True
    ):
        assert torch.equal(given, expected)


def test_every_label_keeps_its_noise_whatever_else_is_asked_for() -> None:
    filling, noise = label_slots()
    for count in (1, 2, 3):
        for labels in combinations(range(LABELS.size), count):
            own = filling(noise, asked(*labels))[1]
            for slot, label in enumerate(labels):
                assert own[0, slot].tolist() == [2 * label, 2 * label + 1]


def test_half_a_label_is_none_and_more_is_one() -> None:
    filling, noise = label_slots()
    c = torch.tensor([[0.5, 0.51, 0.0, 0.0, 1.0]])
    for given, expected in zip(filling(noise, c), filling(noise, asked(1, 4)), strict=True):
        assert torch.equal(given, expected)


def test_an_attribute_fills_the_slot_of_its_group_with_the_groups_noise() -> None:
    filling = GroupSlots(FACES, NOISE, FEATURES)
    noise = torch.tensor([[1.0, 2.0, 3.0, 4.0]])
    embedding, own, there = filling(noise, torch.tensor([[0.0, 1.0, 1.0, 0.0]]))
    assert torch.equal(embedding[0], filling.table[[1, 2]])
    assert own[0].tolist() == [[1, 2], [3, 4]]
    assert there.flatten().tolist() == [1, 1]


def test_between_two_attributes_there_is_what_lies_between_their_embeddings() -> None:
    filling = GroupSlots(FACES, NOISE, FEATURES)
    embedding = filling(torch.zeros(1, 4), torch.tensor([[0.25, 0.75, 1.0, 0.0]]))[0]
    expected = 0.25 * filling.table[0] + 0.75 * filling.table[1]
    assert torch.allclose(embedding[0, 0], expected)


def test_free_slots_are_always_filled() -> None:
    filling = FreeSlots(4, NOISE, FEATURES)
    embedding, own, there = filling(torch.randn(2, 8), torch.zeros(2, 0))
    assert embedding.shape == (2, 4, FEATURES)
    assert own.shape == (2, 4, NOISE)
    assert there.all()


@pytest.mark.parametrize(
    ("condition", "settings", "slots"),
    [
        (LABELS, {}, 3),
        (LABELS, {"slots": 4}, 4),
        (LABELS, {"slots": 9}, 5),
        (Condition("labels", LABELS.groups), {}, 5),
        (Condition("classes", LABELS.groups), {}, 1),
        (FACES, {}, 2),
        (UNCONDITIONAL, {}, 4),
        (UNCONDITIONAL, {"slots": 6}, 6),
    ],
)
def test_there_are_as_many_slots_as_an_image_shows_labels(
    condition: Condition, settings: dict[str, int], slots: int
) -> None:
    filling = filling_of(condition, SlotsConfig(**settings), FEATURES)
    noise = torch.zeros(1, filling.owners * filling.noise)
    assert filling(noise, torch.zeros(1, condition.size))[0].shape[1] == slots


def test_fewer_slots_than_labels_are_refused_with_both_numbers() -> None:
    with pytest.raises(ConfigError, match=r"model.slots is 2.*up to 3 labels"):
        build(Interface(32, 1, LABELS), SlotsConfig(slots=2))


def test_other_slots_than_groups_are_refused() -> None:
    with pytest.raises(ConfigError, match="each of the 2 groups"):
        build(Interface(32, 1, FACES), SlotsConfig(slots=3))


@pytest.fixture(scope="module")
def frozen() -> FrozenGenerator:
    torch.manual_seed(0)
    interface = Interface(32, 1, LABELS)
    networks = build(interface, SlotsConfig(width=8))
    for parameter in networks.generator.parameters():
        parameter.data.add_(0.05 * torch.randn_like(parameter))
    module = networks.generator.eval().requires_grad_(False)
    metadata = {"interface": interface.to_json(), "latent": networks.latent.to_json()}
    return FrozenGenerator(module, interface, networks.latent, metadata)


@pytest.fixture(scope="module", params=["eager", "onnx", "torchscript"])
def draw(
    request: pytest.FixtureRequest,
    frozen: FrozenGenerator,
    tmp_path_factory: pytest.TempPathFactory,
) -> Draw:
    if request.param == "eager":
        return frozen.module
    exporter = default_host().exporters[request.param]
    file = tmp_path_factory.mktemp("slots") / f"generator{exporter.suffix}"
    exporter.write(frozen, file, None)
    generate = exporter.load(file)
    return lambda z, c: torch.from_numpy(np.asarray(generate(z.numpy(), c.numpy())))


def test_the_noise_of_a_label_that_is_not_asked_for_changes_no_pixel(
    frozen: FrozenGenerator, draw: Draw
) -> None:
    pairs = list(combinations(range(LABELS.size), 2))
    c = torch.cat([asked(*pair) for pair in pairs])
    z = torch.from_numpy(frozen.latent.draw(1, np.random.default_rng(0))).repeat(len(pairs), 1)
    other = z.clone()
    for row, pair in enumerate(pairs):
        own = other[row, : LABELS.size * 8].view(LABELS.size, 8)
        own[[label for label in range(LABELS.size) if label not in pair]] += 1.0
    assert torch.equal(draw(z, c), draw(other, c))


def test_the_noise_of_each_label_asked_for_changes_the_image(
    frozen: FrozenGenerator, draw: Draw
) -> None:
    z = torch.from_numpy(frozen.latent.draw(1, np.random.default_rng(0)))
    for pair in combinations(range(LABELS.size), 2):
        for label in pair:
            other = z.clone()
            other[0, 8 * label : 8 * label + 8] += 1.0
            assert not torch.equal(draw(z, asked(*pair)), draw(other, asked(*pair)))


def test_more_slots_than_are_filled_change_no_pixel(frozen: FrozenGenerator) -> None:
    more = build(frozen.interface, SlotsConfig(width=8, slots=5)).generator.eval()
    more.load_state_dict(frozen.module.state_dict())
    c = torch.cat([asked(1), asked(2, 4), asked(0, 1, 3)])
    z = torch.from_numpy(frozen.latent.draw(3, np.random.default_rng(0)))
    assert torch.equal(more(z, c), frozen.module(z, c))


def test_exported_files_fill_the_slots_as_pytorch_does(frozen: FrozenGenerator, draw: Draw) -> None:
    choices = [labels for n in (0, 1, 2, 3) for labels in combinations(range(LABELS.size), n)]
    c = torch.cat([asked(*labels) for labels in choices])
    z = torch.from_numpy(frozen.latent.draw(len(c), np.random.default_rng(0)))
    assert torch.allclose(draw(z, c), frozen.module(z, c), atol=1e-5)
