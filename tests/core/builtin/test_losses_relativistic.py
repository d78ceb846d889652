"""The relativistic pair, against values computed by hand."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from ganx.builtin.losses.relativistic import Relativistic
from ganx.contracts.networks import Critique
from ganx.contracts.term import StepBatch

NOTHING = torch.zeros(0)
REAL, FAKE = [2.0, -1.0], [0.5, 1.0]


def batch(real: Tensor, fake: Tensor) -> StepBatch:
    critiques = {"real": Critique(real, {}), "fake": Critique(fake, {})}
    modules: Any = (nn.Identity(), nn.Identity())
    return StepBatch(*(NOTHING,) * 5, *modules, critiques, {})


def softplus(value: float) -> float:
    return math.log1p(math.exp(value))


def test_d_raises_the_real_image_of_each_pair_and_g_the_generated_one() -> None:
    given, term = batch(torch.tensor(REAL), torch.tensor(FAKE)), Relativistic()

    assert float(term.pair(given)) == pytest.approx((softplus(-1.5) + softplus(2)) / 2)
    assert float(term.generator(given)) == pytest.approx((softplus(1.5) + softplus(-2)) / 2)
    assert term.parts() == ("pair", "generator")
    assert term.generator_sees_real
    assert not term.score_is_logit


def test_a_constant_added_to_d_changes_nothing() -> None:
    term = Relativistic()
    plain = batch(torch.tensor(REAL), torch.tensor(FAKE))
    raised = batch(torch.tensor(REAL) + 8, torch.tensor(FAKE) + 8)

    assert torch.equal(term.pair(plain), term.pair(raised))
    assert torch.equal(term.generator(plain), term.generator(raised))


def test_gradients_are_sigmoids_of_differences_and_g_moves_nothing_by_real_images() -> None:
    real, fake = (torch.tensor(one, requires_grad=True) for one in (REAL, FAKE))
    given, term = batch(real, fake), Relativistic()

    of_real, of_fake = torch.autograd.grad(term.pair(given), (real, fake))
    expected = torch.sigmoid(torch.tensor([-1.5, 2.0])) / 2
    torch.testing.assert_close(of_fake, expected)
    torch.testing.assert_close(of_real, -expected)

    of_real, of_fake = torch.autograd.grad(term.generator(given), (real, fake), allow_unused=True)
    torch.testing.assert_close(of_fake, -torch.sigmoid(torch.tensor([1.5, -2.0])) / 2)
    assert of_real is None
