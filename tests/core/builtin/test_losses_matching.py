"""Real images with wrong labels, against values computed by hand."""

import math

import numpy as np
import pytest
import torch
from drawn import drawing
from torch import Tensor, nn

from ganx.builtin.losses.matching import Matching
from ganx.builtin.losses.settings import MATCHING_FORMS, MatchingForm
from ganx.builtin.plugin import ganx_losses
from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.networks import Critique
from ganx.contracts.term import LossContext, StepBatch
from ganx.errors import ConfigError
from ganx.settings.loss import LossConfig
from ganx.training.loss import LossSum, build_loss

SPECS = {spec.name: spec for spec in ganx_losses()}
LABELS = Condition("labels", (Group("object", ("cube", "ball", "cone")),))
LATENT = Latent((LatentPart("noise", "normal", 2),))
ROWS = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 1]], np.uint8)
RIGHT, WRONG = (1.0, -0.5), (0.25, -2.0)


class Told(nn.Module):
    """D's score is a weighted sum of what it is told, and nothing else."""

    def __init__(self, right: tuple[float, float], wrong: tuple[float, float]) -> None:
        super().__init__()
        self.right = nn.Parameter(torch.tensor(right))
        self.wrong = nn.Parameter(torch.tensor(wrong))

    def forward(self, images: Tensor, c: Tensor) -> Critique:
        del images
        return Critique(c[:, 0] * self.right + c[:, 1] * self.wrong, {})


def batch(critic: nn.Module) -> StepBatch:
    """Show two images, which have the first label and not the second."""
    images, none = torch.zeros(2, 1, 4, 4), torch.zeros(0)
    right = torch.tensor([[1.0, 0, 0], [1, 0, 0]])
    critiques = {"real": critic(images, right)}
    draws = {"wrong": torch.tensor([[0.0, 1, 0], [0, 1, 0]])}
    return StepBatch(images, right, none, right, none, critic, critic, critiques, draws)


def softplus(value: float) -> float:
    return math.log1p(math.exp(value))


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


CLOSED: dict[MatchingForm, tuple[float, float]] = {
    "bce": (softplus(0.25), softplus(-2)),
    "hinge": (1.25, 0),
    "least-squares": (0.25**2 / 2, 2**2 / 2),
    "relativistic": (softplus(-0.75), softplus(-1.5)),
    "wasserstein": (-0.75, -1.5),
}

SLOPES: dict[MatchingForm, tuple[float, float]] = {
    "bce": (sigmoid(0.25), sigmoid(-2)),
    "hinge": (1, 0),
    "least-squares": (0.25, -2),
    "relativistic": (sigmoid(-0.75), sigmoid(-1.5)),
    "wasserstein": (1, 1),
}

BY_PAIRS = ("relativistic", "wasserstein")


@pytest.mark.parametrize("form", MATCHING_FORMS)
def test_each_form_has_the_value_and_the_slope_of_its_adversarial_term(form: MatchingForm) -> None:
    critic = Told(RIGHT, WRONG)
    loss = Matching(form).real(batch(critic))

    assert float(loss.detach()) == pytest.approx(sum(CLOSED[form]) / 2)
    right, wrong = torch.autograd.grad(loss, (critic.right, critic.wrong), materialize_grads=True)
    slopes = torch.tensor(SLOPES[form]) / 2
    torch.testing.assert_close(wrong, slopes)
    torch.testing.assert_close(right, -slopes if form in BY_PAIRS else torch.zeros(2))


@pytest.mark.parametrize("form", BY_PAIRS)
def test_a_constant_added_to_d_changes_nothing_where_differences_count(form: MatchingForm) -> None:
    raised = Told((RIGHT[0] + 8, RIGHT[1] + 8), (WRONG[0] + 8, WRONG[1] + 8))

    values = [Matching(form).real(batch(critic)) for critic in (Told(RIGHT, WRONG), raised)]
    assert torch.equal(*values)


def loss(
    written: str,
    rows: np.ndarray[tuple[int, int], np.dtype[np.uint8]] = ROWS,
    condition: Condition = LABELS,
    **settings: str,
) -> LossSum:
    context = LossContext(
        Interface(4, 1, condition), LATENT, distribution=ConditionDistribution.of(rows)
    )
    terms = {"matching": settings} if settings else {}
    return build_loss(LossConfig(sum=written, terms=terms), context, SPECS)


def form_in(total: LossSum) -> str:
    term = total.terms["matching"]
    assert isinstance(term, Matching)
    return term.form


@pytest.mark.parametrize("name", MATCHING_FORMS)
def test_its_form_follows_the_adversarial_term_of_the_sum(name: str) -> None:
    assert form_in(loss(f"0.5*matching + {name} + r1")) == name


@pytest.mark.parametrize(
    ("written", "found"), [("matching + r1", "has none of bce"), ("bce + hinge + matching", "has")]
)
def test_a_form_that_cannot_be_told_is_asked_for(written: str, found: str) -> None:
    with pytest.raises(ConfigError, match=rf"{found}.*loss\.terms\.matching\.form = 'hinge'"):
        loss(written)
    assert form_in(loss(written, form="wasserstein")) == "wasserstein"


def test_a_training_set_of_one_condition_has_no_wrong_labels() -> None:
    with pytest.raises(ConfigError, match="all images of the training set have the same ones"):
        loss("bce + matching", ROWS[:1].repeat(9, axis=0))


def test_it_draws_other_labels_for_each_image_of_the_batch() -> None:
    given = drawing(60, rows=ROWS)
    drawn = Matching("bce").draws(given)

    assert drawn["wrong"].shape == (60, 3)
    assert drawn["wrong"].dtype == np.float32
    assert (drawn["wrong"] != given.conditions).any(axis=1).all()


def test_a_loss_goes_without_it_where_there_are_no_labels() -> None:
    rows = np.zeros((9, 0), np.uint8)
    total = loss("bce + matching + auxiliary", rows, UNCONDITIONAL)

    assert list(total.terms) == ["bce"]
    assert total.left_out == ("matching", "auxiliary")
    assert total.defining(("real",), ("matching",)) == ()
    assert total.defining(("real",), ("matching", "bce")) == ("bce",)
