"""Asking evaluators about a subject, without changing anything outside."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch

from ganx.config import Config, validated
from ganx.contracts.protocol import Origin, ScoringProtocol
from ganx.contracts.results import Evaluation, Result
from ganx.contracts.specs import EvaluatorSpec
from ganx.contracts.subject import Subject
from ganx.device import matmul_policy
from ganx.errors import ConfigError, DataError
from ganx.host.observers import untouched_randomness
from ganx.remedies import Remedy
from ganx.scoring.prompts import VALIDATION

Evaluators = Mapping[str, EvaluatorSpec]
EvaluatorSettings = Mapping[str, Mapping[str, Any]]


def evaluate(
    evaluators: Evaluators,
    names: Sequence[str],
    subject: Subject,
    protocol: ScoringProtocol,
    settings: EvaluatorSettings | None = None,
    notes: Sequence[str] = (),
) -> Evaluation:
    """Let evaluators score a subject, in the order of ``names``.

    ``protocol`` says what else decides the figures; the evaluators' settings are added to it.
    ``notes`` are what a reader must know. Raises
    ``DataError`` when one cannot score this subject, ``PluginError`` for an unknown name, and
    ``ConfigError`` for wrong settings.
    """
    chosen = {name: evaluators[name] for name in names}
    _refuse_idle(settings or {}, chosen)
    configs = checked_settings(chosen, settings or {})
    results: list[Result] = []
    for name, spec in chosen.items():
        hindrance = _hindrance(spec, subject)
        if hindrance:
            raise DataError(f"The evaluator {name!r} cannot score this generator: {hindrance}.")
        results += scored(spec, configs[name], subject)
    written = {name: config.model_dump(mode="json") for name, config in configs.items()}
    origin = Origin.from_json(subject.generator.metadata["origin"])
    return Evaluation(
        origin, replace(protocol, evaluators=written), results, (*_notes(protocol), *notes)
    )


def _refuse_idle(settings: Mapping[str, Any], chosen: Evaluators) -> None:
    """Raise ``ConfigError`` for settings that would change nothing, or are no table."""
    for name, given in settings.items():
        if name not in chosen:
            raise ConfigError(
                f"There are settings of {name!r}, which is not among the evaluators that score: "
                f"{', '.join(chosen) or 'none'}.",
                remedy=Remedy("ask-the-evaluator", "Ask for it too, or leave them out."),
            )
        if not isinstance(given, Mapping):
            raise ConfigError(f"{name!r} is an evaluator; set one of its settings: {name}.KEY=...")


def _notes(protocol: ScoringProtocol) -> tuple[str, ...]:
    """Stamp scores on the prompts that the checkpoint was selected by."""
    selected = protocol.selected_on
    if selected in {"", VALIDATION}:
        return ()
    note = (
        f"This checkpoint was selected by its score on the prompts {selected!r}, so its scores on "
        "them are too good: compare them only with scores of checkpoints selected in the same way."
    )
    return (note,)


def scored(spec: EvaluatorSpec, config: Config, subject: Subject) -> list[Result]:
    """Ask one evaluator, in float32; what it does to global random state is undone."""
    with untouched_randomness(), matmul_policy(), torch.no_grad():  # which puts the mode back, too
        return list(spec.evaluate(subject, config))


def able(evaluators: Evaluators, names: Sequence[str], subject: Subject) -> dict[str, str]:
    """Return for each named evaluator why it cannot score the subject; empty where it can."""
    return {name: _hindrance(evaluators[name], subject) for name in names}


def _hindrance(spec: EvaluatorSpec, subject: Subject) -> str:
    """Ask an evaluator what hinders it; a stranger's may fail in that already."""
    try:
        return spec.hindrance(subject)
    except Exception as error:  # noqa: BLE001 - isolation: a stranger's evaluator may raise anything
        return f"it failed with {type(error).__name__}: {error}"


def checked_settings(evaluators: Evaluators, settings: EvaluatorSettings) -> dict[str, Config]:
    """Validate the settings of the chosen evaluators. Raises ``ConfigError``."""
    return dict(_checked(evaluators, settings))


def _checked(evaluators: Evaluators, settings: EvaluatorSettings) -> Iterator[tuple[str, Config]]:
    for name, spec in evaluators.items():
        given = dict(settings.get(name, {}))
        yield name, validated(spec.config, given, f"evaluate.settings.{name}")
