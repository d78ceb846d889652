"""Whether a judge sees in the images what the prompts ask for.

Shapes: N images of one seed; answers and asked [N, K].
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ganx.builtin.evaluators.factors import Factor, factors_of
from ganx.builtin.evaluators.pairing import factor_share
from ganx.builtin.evaluators.settings import PromptAccuracyConfig
from ganx.builtin.evaluators.tables import group_tables, label_tables
from ganx.contracts.condition import Condition
from ganx.contracts.judge import Judge
from ganx.contracts.results import Figure, Result, Table
from ganx.contracts.subject import Subject
from ganx.errors import DataError
from ganx.judging.measures import WITH_THRESHOLD, Measure, measures
from ganx.scoring.chance import shuffled, summarised
from ganx.scoring.draws import Ask, Conditions, Draw, draws_of


def prompt_accuracy(subject: Subject, config: PromptAccuracyConfig) -> Iterator[Result]:
    """Score each set of prompts, each prompt once (or ``repeats`` times) with each seed's noise.

    Labels have the lab's ``top-k``, the ``exact match``, how far the sets of labels asked for and
    seen agree, and a share for each factor; classes and attributes have the accuracy of each group,
    attributes also that of ``all`` at once. Every figure stands beside that of shuffled prompts.
    Raises ``DataError`` when the judge does not have the generator's conditions, and for a text
    outside the vocabulary.
    """
    judge = _fitting_judge(subject)
    condition = judge.interface.condition
    factors = factors_of(condition, subject.factors)
    for name, texts in subject.prompts.items():
        asked = _encoded(condition, texts, config.repeats)
        draws = list(draws_of(subject.generator, judge, _always(asked), subject.seeds))
        common = _common(judge, len(texts), config.repeats)
        figures = tuple(_figures(judge, factors, draws, subject.seeds, common))
        yield Result("prompt-accuracy", name, figures, tuple(_tables(judge, factors, draws)))


def _fitting_judge(subject: Subject) -> Judge:
    """Return the judge if its answers are about what the generator is asked for."""
    judge = subject.judge
    assert judge is not None, "an evaluator's hindrance is asked before it"
    if subject.generator.interface.condition != judge.interface.condition:
        raise DataError(
            "The generator and the judge do not have the same conditions, so that its answers do "
            "not tell whether it shows what it is asked for. Train a judge on the run's data set."
        )
    return judge


def _encoded(condition: Condition, texts: Sequence[str], repeats: int) -> Conditions:
    """Read the prompts, the whole set so many times over: [N, K]."""
    rows = [condition.encode(text) for text in texts]
    return np.tile(np.array(rows, np.float32), (repeats, 1))


def _always(asked: Conditions) -> Ask:
    """Ask for the same with every seed."""
    return lambda _: asked


def _common(judge: Judge, prompts: int, repeats: int) -> str:
    """Say what every figure depends on besides the generator."""
    often = f", each {repeats} times" if repeats > 1 else ""
    return f"judge {judge.name} {judge.digest}, {prompts} prompts{often}"


def _measures(judge: Judge, factors: Sequence[Factor]) -> Mapping[str, Measure]:
    """Return what is measured, by the name of the figure."""
    by_factor = {
        factor.name: partial(factor_share, factors=factors, number=number)
        for number, factor in enumerate(factors)
    }
    return {**measures(judge.interface.condition, judge.threshold), **by_factor}


def _figures(
    judge: Judge,
    factors: Sequence[Factor],
    draws: Sequence[Draw],
    seeds: Sequence[int],
    common: str,
) -> Iterator[Figure]:
    """Take every measure of all draws."""
    threshold = f", threshold {judge.threshold:.4g}"
    for name, measure in _measures(judge, factors).items():
        qualifier = common + (threshold if name in WITH_THRESHOLD else "")
        yield measured(name, measure, draws, seeds, qualifier)


def _tables(judge: Judge, factors: Sequence[Factor], draws: Sequence[Draw]) -> Iterator[Table]:
    """Yield the tables over the images of all seeds."""
    condition = judge.interface.condition
    outputs = np.concatenate([draw.answers for draw in draws])
    asked = np.concatenate([draw.asked for draw in draws])
    if condition.kind == "labels":
        yield from label_tables(condition.groups[0], factors, outputs, asked, judge.threshold)
    else:
        yield from group_tables(condition, outputs, asked)


def measured(
    name: str,
    measure: Measure,
    draws: Sequence[Draw],
    seeds: Sequence[int],
    qualifier: str = "",
) -> Figure:
    """Take one measure, and its baseline, of the draw of each seed."""
    scores = [measure(draw.answers, draw.asked) for draw in draws]
    baselines = [
        shuffled(_Reordered(measure, draw), len(draw.asked), seed)
        for draw, seed in zip(draws, seeds, strict=True)
    ]
    return summarised(name, scores, baselines, qualifier)


class _Reordered:
    """A measure of one draw with its conditions in another order."""

    def __init__(self, measure: Measure, draw: Draw) -> None:
        self._measure, self._draw = measure, draw

    def __call__(self, order: NDArray[np.int64]) -> float:
        """Hold image i against condition ``order[i]``."""
        return self._measure(self._draw.answers, self._draw.asked[order])
