"""Which rows and columns are whose label: of layers as strangers write them, without a guess."""

import pytest
import torch
from torch import Tensor, nn

from ganx.contracts.condition import Condition, Group
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.networks import Critique, Networks
from ganx.layers.spectral_norm import spectral_normalise
from ganx.training.label_axes import LabelAxes, label_axes
from ganx.training.transfer import Transfer

SIDE, NOISE = 4, 3


class Strange(nn.Module):
    """G with its condition in the middle of the latent, and tensors of several layouts."""

    def __init__(self, interface: Interface) -> None:
        super().__init__()
        labels = interface.condition.size
        self.join = nn.Linear(NOISE + labels, 5)
        self.flat = nn.Linear(5, 2 * labels)
        self.square = nn.Parameter(torch.zeros(labels, labels))
        self.wide = nn.Parameter(torch.randn(labels**2))
        self.draw = spectral_normalise(nn.Linear(5 + 2 * labels, 3 * SIDE**2))

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        """Draw."""
        x = self.join(torch.cat([z[:, :1], c @ self.square + c, z[:, 1:]], dim=1))
        return self.draw(torch.cat([x, self.flat(x)], dim=1)).view(-1, 3, SIDE, SIDE)


class Planes(nn.Module):
    """D that sees a plane for each label beside the image's."""

    def __init__(self, interface: Interface) -> None:
        super().__init__()
        self.look = spectral_normalise(nn.Conv2d(interface.condition.size + 3, 6, SIDE))
        self.head = nn.Linear(6, 1)

    def forward(self, images: Tensor, c: Tensor) -> Critique:
        """Judge."""
        planes = c[:, :, None, None].expand(-1, -1, SIDE, SIDE)
        seen = self.look(torch.cat([planes, images], dim=1)).flatten(1)
        return Critique(self.head(seen.relu()).flatten(), {})


def build(interface: Interface) -> Networks:
    latent = Latent((LatentPart("noise", "normal", NOISE),))
    return Networks(Strange(interface), Planes(interface), latent)


def interface(*values: str) -> Interface:
    return Interface(SIDE, 3, Condition("labels", (Group("thing", values),)))


def test_places_among_other_inputs_are_found_and_what_is_no_row_of_a_label_is_not_guessed() -> None:
    found = label_axes(build, interface("a", "b"))
    generator, discriminator = found["generator"], found["discriminator"]
    assert generator.places == {
        "join.weight": {1: (None, 0, 1, None, None)},
        "square": {0: (0, 1), 1: (0, 1)},
    }
    assert {"flat.weight", "flat.bias", "wide"} < generator.unclear
    weight = "look.parametrizations.weight.original"
    assert discriminator.places == {weight: {1: (0, 1, None, None, None)}}
    assert discriminator.unclear == {"look.parametrizations.weight.0.v"}


def test_looking_draws_nothing_from_the_global_random_state() -> None:
    torch.manual_seed(0)
    before = torch.get_rng_state()
    label_axes(build, interface("a"))
    assert torch.equal(torch.get_rng_state(), before)


def test_rows_go_to_their_labels_and_all_else_stays_fresh() -> None:
    there, here = (LabelAxes({"x": {0: labels}}) for labels in ((0, None, 1), (None, 0, 1, 2)))
    former, fresh = torch.tensor([1.0, 2.0, 3.0]), torch.zeros(4)
    moved, afresh = Transfer((1, None, 0), there, here).of({"x": former}, {"x": fresh})
    assert moved["x"].tolist() == [2.0, 3.0, 0.0, 1.0]
    assert (afresh, fresh.tolist()) == ([], [0.0] * 4)


@pytest.mark.parametrize(
    ("former", "fresh"),
    [
        ({}, torch.zeros(2)),
        ({"x": torch.ones(3)}, torch.zeros(2)),
        ({"x": torch.ones(2, 1)}, torch.zeros(2)),
    ],
)
def test_a_tensor_that_does_not_fit_stays_fresh_and_is_named(
    former: dict[str, Tensor], fresh: Tensor
) -> None:
    moved, afresh = Transfer((), LabelAxes(), LabelAxes()).of(former, {"x": fresh})
    assert (moved["x"].tolist(), afresh) == ([0.0, 0.0], ["x"])


def test_what_is_unclear_stays_fresh_though_it_has_the_same_shape() -> None:
    axes = LabelAxes({}, frozenset({"x"}))
    moved, afresh = Transfer((0,), axes, axes).of({"x": torch.ones(2)}, {"x": torch.zeros(2)})
    assert (moved["x"].tolist(), afresh) == ([0.0, 0.0], ["x"])
