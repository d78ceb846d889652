"""The loss contract of ganx.testing refuses terms that break it, and takes sound ones."""

from typing import Any

import numpy as np
import pytest
import torch
from refusal import refused
from torch import Tensor

from ganx.contracts.interface import Interface
from ganx.contracts.specs import LossSpec
from ganx.contracts.term import Drawing, LossTerm, Moment, StepBatch
from ganx.testing import (
    LossContract,
)
from ganx.testing.interfaces import LABELS

FORM = Interface(8, 3, LABELS)


class Nothing(LossTerm):
    """Has no part."""


class Scoring(LossTerm):
    def generator(self, batch: StepBatch) -> Tensor:
        return -batch.critiques["fake"].score.mean()


class OfTheImages(LossTerm):
    def real(self, batch: StepBatch) -> Tensor:
        return batch.real.mean()


class Detached(LossTerm):
    def generator(self, batch: StepBatch) -> Tensor:
        return batch.critiques["fake"].score.detach().mean()


class Blind(LossTerm):
    def generator(self, batch: StepBatch) -> Tensor:
        return 0 * batch.critiques["fake"].score.mean()


class EachImage(LossTerm):
    def fake(self, batch: StepBatch) -> Tensor:
        return batch.critiques["fake"].score


class Exploding(LossTerm):
    def fake(self, batch: StepBatch) -> Tensor:
        return batch.critiques["fake"].score.mean() / 0


class Never(Scoring):
    def factor(self, moment: Moment) -> float:
        return 0.0 * moment.iteration


class Negative(Scoring):
    def factor(self, moment: Moment) -> float:
        return 1.0 - moment.iteration


class Remembering(Scoring):
    def __init__(self) -> None:
        super().__init__()
        self.asked = 0.0

    def factor(self, moment: Moment) -> float:
        del moment
        self.asked += 1
        return self.asked


class Rolling(LossTerm):
    def fake(self, batch: StepBatch) -> Tensor:
        return batch.critiques["fake"].score.mean() * torch.rand(())


class WildDraws(Scoring):
    def draws(self, drawing: Drawing) -> dict[str, Any]:
        return {"mix": np.random.default_rng().random(drawing.count, dtype=np.float32)}


class WideDraws(Scoring):
    def draws(self, drawing: Drawing) -> dict[str, Any]:
        return {"mix": drawing.rng.random((1, drawing.count), dtype=np.float32)}


class Neighbours(LossTerm):
    """Draws places in the whole batch, where a part of it has fewer images."""

    def real(self, batch: StepBatch) -> Tensor:
        return batch.critiques["real"].score[batch.draws["order"].long()].mean()

    def draws(self, drawing: Drawing) -> dict[str, Any]:
        return {"order": drawing.rng.permutation(drawing.count).astype(np.float32)}


def loss(term: type[LossTerm]) -> LossContract:
    contract = LossContract()
    contract.spec = LossSpec("term", "For tests", lambda _context, _config: term())
    return contract


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        (OfTheImages, "no gradient in the discriminator"),
        (Detached, "no gradient in the generator"),
        (Blind, "no gradient in the generator"),
        (EachImage, "not a scalar"),
        (Exploding, "'fake' is -?(inf|nan)"),
    ],
)
def test_a_part_that_does_not_teach_its_owner_is_refused(
    term: type[LossTerm], sentence: str
) -> None:
    with pytest.raises(AssertionError, match=sentence):
        loss(term).test_every_part_teaches_its_owner(term(), FORM, "float32")


@pytest.mark.parametrize(
    ("term", "test", "sentence"),
    [
        (WildDraws, "test_draws_are_decided_by_their_generator", "ignores its generator"),
        (WideDraws, "test_draws_are_decided_by_their_generator", r"not \[B, ...\]"),
        (Neighbours, "test_a_batch_may_be_cut", "'real' fails on half of a batch"),
    ],
)
def test_a_term_that_breaks_the_contract_is_refused(
    term: type[LossTerm], test: str, sentence: str
) -> None:
    refused(loss(term), test, sentence, term(), FORM)


def test_a_term_without_a_part_is_refused() -> None:
    refused(loss(Nothing), "test_it_has_a_part", "defines none of real, fake", Nothing())


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        (Never, "does not count in any iteration"),
        (Negative, "negative or not finite"),
        (Remembering, "asked before"),
    ],
)
def test_a_factor_that_no_run_can_follow_is_refused(term: type[LossTerm], sentence: str) -> None:
    test = "test_its_factor_is_a_pure_function_that_lets_it_count"
    refused(loss(term), test, sentence, term())


def test_a_term_that_draws_inside_the_step_is_refused() -> None:
    test = "test_equal_inputs_give_equal_losses"
    refused(loss(Rolling), test, "changes from call to call", Rolling(), FORM)


def test_a_sound_term_keeps_the_contract() -> None:
    loss(Scoring).test_every_part_teaches_its_owner(Scoring(), FORM, "bfloat16")
