"""The evaluator contract of ganx.testing refuses evaluators that break it, and takes sound ones."""

from collections.abc import Iterable
from typing import Any

import pytest
import torch
from refusal import refused

from ganx.contracts.interface import Interface
from ganx.contracts.results import Figure, Result
from ganx.contracts.specs import EvaluatorSpec, NoConfig
from ganx.contracts.subject import Subject
from ganx.testing import EvaluatorContract
from ganx.testing.interfaces import LABELS
from ganx.testing.subjects import SIDE, whole_subject


def brightness(subject: Subject) -> float:
    images: torch.Tensor = subject.generator.module(*subject.generator.example_inputs(4))
    return float(images.mean())


def contract_of(value: Any, name: str = "brightness", **spec: Any) -> EvaluatorContract:
    """Make the contract of an evaluator that gives one number."""

    def evaluate(subject: Subject, config: NoConfig) -> Iterable[Result]:
        del config
        yield Result("probe", "images", [Figure(name, value(subject), is_share=False)])

    contract = EvaluatorContract()
    contract.spec = EvaluatorSpec("probe", "A probe", evaluate, **spec)
    return contract


def trained_on(subject: Subject) -> float:
    parameter = next(iter(subject.generator.module.parameters()))
    parameter.data += 0.01
    return 0.0


def put_to_training(subject: Subject) -> float:
    subject.generator.module.train()
    return 0.0


def rolled(subject: Subject) -> float:
    del subject
    return float(torch.rand(()))


class TestBrightness(EvaluatorContract):
    spec = contract_of(brightness).spec


@pytest.mark.parametrize(
    ("contract", "test", "sentence"),
    [
        (
            contract_of(lambda _: float("nan")),
            "test_figures_are_finite_and_named",
            "'brightness' is nan",
        ),
        (
            contract_of(brightness, name="v1.0"),
            "test_figures_are_finite_and_named",
            "holds a dot",
        ),
        (
            contract_of(rolled),
            "test_the_same_subject_has_the_same_scores",
            "change by themselves",
        ),
        (
            contract_of(trained_on),
            "test_it_leaves_the_generator_and_all_random_states_as_they_are",
            "generator has changed",
        ),
        (
            contract_of(put_to_training),
            "test_it_leaves_the_generator_and_all_random_states_as_they_are",
            "training mode",
        ),
    ],
)
def test_it_refuses(contract: EvaluatorContract, test: str, sentence: str) -> None:
    refused(contract, test, sentence, whole_subject(Interface(SIDE, 3, LABELS)))


def test_it_refuses_one_that_can_score_nothing() -> None:
    contract = contract_of(brightness, hindrance=lambda _: "the moon is full")
    refused(contract, "test_it_scores_or_says_why_it_cannot", "Nothing can be scored")


@pytest.mark.parametrize("names", [("brightness",), ("bright*", "*")])
def test_it_takes_headlines_that_are_figures(names: tuple[str, ...]) -> None:
    contract_of(brightness, headline=names).test_headlines_are_figures_that_it_yields()


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ({"headline": ("brightness", "brigthness")}, "No figure is named 'brigthness'"),
        ({"headline": "brightness"}, "not a tuple of names"),
        ({"slow": "yes"}, "slow is 'yes'"),
    ],
)
def test_it_refuses_headlines_that_nothing_has(spec: Any, sentence: str) -> None:
    refused(contract_of(brightness, **spec), "test_headlines_are_figures_that_it_yields", sentence)


def test_it_takes_figures_that_tell_a_collapse() -> None:
    contract = contract_of(brightness, collapse={"brightness": 0.1})
    contract.test_what_tells_a_collapse_are_figures_that_it_yields()


def test_it_refuses_a_collapse_that_nothing_tells() -> None:
    contract = contract_of(brightness, collapse={"brightness": 0.1, "bright*": 0.1})
    test = "test_what_tells_a_collapse_are_figures_that_it_yields"
    refused(contract, test, r"No figure is named 'bright\*'")


def test_it_refuses_a_hindrance_that_is_no_text() -> None:
    contract = contract_of(brightness, hindrance=lambda subject: subject.judge is None and 1)
    refused(contract, "test_it_scores_or_says_why_it_cannot", "A hindrance is a text")
