"""The contract of optimizers takes sound ones, whatever they remember, and refuses others."""

from typing import Any

import pytest
from refusal import refused
from strange_optimizers import Counting, Hidden, Listing, of, sgd, spec, two_rates

from ganx.contracts.specs import NoConfig, OptimizerSpec
from ganx.errors import RunError
from ganx.testing import OptimizerContract


def contract(one: OptimizerSpec) -> OptimizerContract:
    made = OptimizerContract()
    made.spec = one
    return made


class TestSgd(OptimizerContract):
    spec = spec(sgd)


class TestTwoRates(OptimizerContract):
    spec = spec(two_rates)


class TestNumbers(OptimizerContract):
    spec = of(Counting)


def _half(parameters: Any, config: Any) -> Any:
    return sgd(parameters[:2], config)


def _fixed(parameters: Any, config: Any) -> Any:
    return sgd(parameters, config.model_copy(update={"learning_rate": 0.1}))


@pytest.mark.parametrize(
    ("build", "test", "sentence"),
    [
        (_half, "test_it_moves_each_parameter_once", "does not have every parameter"),
        (_half, "test_a_step_moves_every_parameter_and_a_rate_of_0_spoils_none", "leaves a"),
        (_fixed, "test_each_groups_rate_follows_the_setting", "does not follow 'learning_rate'"),
        (lambda *_: None, "test_it_moves_each_parameter_once", "build returns NoneType"),
    ],
)
def test_an_optimizer_that_leaves_something_out_is_refused(
    build: Any, test: str, sentence: str
) -> None:
    refused(contract(spec(build)), test, sentence)


def test_an_optimizer_that_hides_its_state_is_refused() -> None:
    refused(contract(of(Hidden)), "test_it_resumes_to_the_bit", "not in its state")


def test_an_optimizer_that_keeps_a_list_is_refused_with_its_name() -> None:
    with pytest.raises(RunError, match=r"Listing keeps '0\.past' as a list.*cannot hold"):
        contract(of(Listing)).test_it_resumes_to_the_bit()


def test_settings_without_a_learning_rate_are_refused() -> None:
    bare = OptimizerSpec("bare", "For tests", NoConfig, sgd)
    refused(contract(bare), "test_it_has_a_learning_rate", "no 'learning_rate'")
