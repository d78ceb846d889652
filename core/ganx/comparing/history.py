"""Scores of runs over images seen, laid over each other.

Shapes: a curve has T points, at ``seen`` [T] images seen.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ganx.comparing.contender import Contender
from ganx.contracts.protocol import DECISIVE, agree
from ganx.contracts.results import Evaluation, Figure
from ganx.errors import RunError
from ganx.runs.metrics import Column, Metrics, read_metrics
from ganx.scoring.kept import kept_evaluations

Points = tuple[Column, Column]
"""Images seen and values, [T] each."""

_CURVE = 2
"""Points that make a curve."""


@dataclass(frozen=True)
class History:
    """One score of several runs over time."""

    name: str
    """Such as ``validation.top-k``."""

    points: Sequence[Points]
    """One a run, in the order of the contenders; empty where a run has none."""

    sample: Figure
    """The figure as one of the runs has it now; its ``against`` is that of the points."""

    from_kept: bool
    """Whether they are evaluations by the comparison's protocol; else scores while training."""


def histories(contenders: Sequence[Contender]) -> list[History]:
    """Find every score that at least one run has over time.

    Evaluations that were kept of several checkpoints are taken where every run has them, since they
    were made by the comparison's protocol; else what the runs were scored by while they trained.
    """
    kept = [_kept(one) for one in contenders]
    trained = [_trained(one) for one in contenders]
    against = {name: real for one in trained for name, real in one.against.items()}
    figures = {name: figure for one in contenders for name, figure in one.evaluation.figures()}
    found = [
        _history(name, figure, kept, trained, against.get(name, ""))
        for name, figure in figures.items()
    ]
    return [one for one in found if any(len(seen) for seen, _ in one.points)]


def _history(
    name: str,
    figure: Figure,
    kept: Sequence[Mapping[str, Points]],
    trained: Sequence[Metrics],
    against: str,
) -> History:
    """Choose the source of one score."""
    from_kept = all(name in one and len(one[name][0]) >= _CURVE for one in kept)
    nothing = (np.empty(0), np.empty(0))
    if from_kept:
        return History(name, [one[name] for one in kept], figure, from_kept)
    points = [one.series(name) if name in one.columns else nothing for one in trained]
    return History(name, points, replace(figure, against=against), from_kept)


def _kept(contender: Contender) -> dict[str, Points]:
    """Read the evaluations of all checkpoints that were made by the same protocol."""
    if contender.run is None:
        return {}
    alike = [
        one for one in kept_evaluations(contender.run) if _on_one_curve(one, contender.evaluation)
    ]
    moments = {one.origin.images_seen: one.scores() for one in alike}
    names = dict.fromkeys(name for scores in moments.values() for name in scores)
    return {
        name: _points({seen: scores[name] for seen, scores in moments.items() if name in scores})
        for name in names
    }


def _trained(contender: Contender) -> Metrics:
    """Read what the run wrote while it trained."""
    nothing = Metrics(np.empty(0), {})
    if contender.run is None:
        return nothing
    try:
        return read_metrics(contender.run.metrics)
    except RunError:
        return nothing  # a run without metrics has no curves, but it has a score


def _on_one_curve(one: Evaluation, other: Evaluation) -> bool:
    """Tell whether two evaluations of one run may lie on one curve."""
    same = agree(one.protocol, other.protocol, DECISIVE)
    return same and one.origin.weights == other.origin.weights


def _points(values: Mapping[int, float]) -> Points:
    """Sort a score by images seen."""
    order = sorted(seen for seen, value in values.items() if math.isfinite(value))
    return np.array(order, float), np.array([values[seen] for seen in order])
