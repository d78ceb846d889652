"""Ganx's own evaluators, through the same hook as everyone's. Loads no torch."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ganx import hookimpl
from ganx.builtin.evaluators.settings import (
    CodesConfig,
    DistributionConfig,
    DiversityConfig,
    PromptAccuracyConfig,
)
from ganx.contracts.specs import EvaluatorSpec

if TYPE_CHECKING:
    from ganx.contracts.results import Result
    from ganx.contracts.subject import Subject


def _prompt_accuracy(subject: "Subject", config: PromptAccuracyConfig) -> "Iterable[Result]":
    from ganx.builtin.evaluators.prompt_accuracy import prompt_accuracy

    return prompt_accuracy(subject, config)


def _without_prompts(subject: "Subject") -> str:
    """Say what is missing to ask for prompts."""
    if not subject.generator.interface.condition.size:
        return "the generator takes no labels"
    if not subject.prompts:
        return "there are no prompts"
    return _without_judge(subject)


def _without_judge(subject: "Subject") -> str:
    return "" if subject.judge else "there is no judge (train one, or name one)"


def _codes(subject: "Subject", config: CodesConfig) -> "Iterable[Result]":
    from ganx.builtin.evaluators.codes import codes

    return codes(subject, config)


def _without_codes(subject: "Subject") -> str:
    """Say what is missing to match codes to classes."""
    if not any(part.kind == "categorical" for part in subject.generator.latent.parts):
        return "the generator has no categorical code"
    if subject.judge and subject.judge.interface.condition.kind == "labels":
        return "codes are matched to classes, and the judge knows labels"
    return _without_judge(subject)


def _diversity(subject: "Subject", config: DiversityConfig) -> "Iterable[Result]":
    from ganx.builtin.evaluators.diversity import diversity

    return diversity(subject, config)


def _distribution(subject: "Subject", config: DistributionConfig) -> "Iterable[Result]":
    from ganx.builtin.evaluators.against_real import distribution

    return distribution(subject, config)


def _without_reference(subject: "Subject") -> str:
    return "" if subject.reference else "there are no real images to hold them against"


@hookimpl
def ganx_evaluators() -> Iterator[EvaluatorSpec]:
    """Provide what ganx scores generators by."""
    yield EvaluatorSpec(
        "prompt-accuracy",
        "Whether a judge sees in the images what the prompts ask for",
        _prompt_accuracy,
        PromptAccuracyConfig,
        _without_prompts,
        headline=("all", "*"),
    )
    yield EvaluatorSpec(
        "codes",
        "How well learned codes agree with classes",
        _codes,
        CodesConfig,
        _without_codes,
        headline=("*",),
    )
    yield EvaluatorSpec(
        "diversity",
        "How far images of one prompt lie apart under different noise",
        _diversity,
        DiversityConfig,
        # Most data have a pixel diversity of 0.05 or more: real scenes of one gray room have 0.085.
        collapse={"relative pixel diversity": 0.2, "pixel diversity": 0.2 * 0.05},
    )
    yield EvaluatorSpec(
        "distribution",
        "Frechet and kernel distance, precision, recall, density and coverage",
        _distribution,
        DistributionConfig,
        _without_reference,
        slow=True,
    )
