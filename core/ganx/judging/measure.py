"""Asking a judge whether a generator shows what it is asked for."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ganx.errors import DataError
from ganx.frozen import FrozenGenerator
from ganx.judging.baseline import Finding, shuffled, summarised
from ganx.judging.draws import Ask, Conditions, Draw, as_trained, draws_of
from ganx.judging.judge import Answers, Judge
from ganx.judging.scores import Measure, measures


def as_in_training(
    frozen: FrozenGenerator, judge: Judge, images: int, seeds: Sequence[int]
) -> dict[str, Finding]:
    """Ask for conditions as often as they occurred in training, by measure.

    Raises ``DataError`` when generator and judge do not have the same conditions.
    """
    return _findings(frozen, judge, as_trained(frozen, images), seeds)


def of_prompts(
    frozen: FrozenGenerator, judge: Judge, texts: Sequence[str], seeds: Sequence[int]
) -> dict[str, Finding]:
    """Ask for each text once with each seed of the noise, by measure.

    Raises ``DataError`` for a text outside the vocabulary, and as ``as_in_training``.
    """
    encode = frozen.interface.condition.encode
    asked = np.array([encode(text) for text in texts], np.float32)
    return _findings(frozen, judge, lambda _: asked, seeds)


def _findings(
    frozen: FrozenGenerator, judge: Judge, ask: Ask, seeds: Sequence[int]
) -> dict[str, Finding]:
    """Take every measure, and its baseline, of every seed."""
    if frozen.interface.condition != judge.interface.condition:
        raise DataError(
            "The generator and the judge do not have the same conditions, so that its answers do "
            "not tell whether it shows what it is asked for. Train a judge on the run's data set."
        )
    draws = list(draws_of(frozen, judge, ask, seeds))
    chosen = measures(judge.interface.condition, judge.threshold)
    return {name: _finding(draws, measure, seeds) for name, measure in chosen.items()}


def _finding(draws: Sequence[Draw], measure: Measure, seeds: Sequence[int]) -> Finding:
    """Take one measure of all draws."""
    scores, baselines = [], []
    for draw, seed in zip(draws, seeds, strict=True):
        answers, asked = draw.answers, draw.asked
        scores.append(measure(answers, asked))
        score = partial(_held_against, measure, answers, asked)
        baselines.append(shuffled(score, len(asked), seed))
    return summarised(scores, baselines)


def _held_against(
    measure: Measure, answers: Answers, asked: Conditions, order: NDArray[np.int64]
) -> float:
    """Take a measure with the conditions in another order."""
    return measure(answers, asked[order])
