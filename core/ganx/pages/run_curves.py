"""The curves of a run: scores, each beside what shuffled conditions give, and losses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from ganx.contracts.results import Evaluation
from ganx.pages.curve_lines import curves_of, usual_smoothing
from ganx.pages.curve_names import Panel, in_words, panels
from ganx.pages.curves import Level, curve_panel
from ganx.runs.metrics import Metrics

_OF_TRAINING = frozenset({"Loss", "Learning rate", "Probability", "D's score", "Augmentation"})
"""Panels of what a step reports; all others hold scores, or what a plugin reports."""


@dataclass(frozen=True)
class RunCurves:
    """Panels of a run."""

    scores: list[Markup]
    labels: list[Markup]
    """What tells whether labels are learned."""

    training: list[Markup]


def run_curves(metrics: Metrics, evaluation: Evaluation | None) -> RunCurves:
    """Draw the panels of a run; ``evaluation`` knows what shuffled conditions give.

    Raises ``RunError`` when the metrics hold no curves.
    """
    found = panels(metrics)
    scored = [one for panel in found for one in _by_scale(metrics, panel)]
    levels = _levels(evaluation)
    return RunCurves(
        [_score_panel(metrics, panel, levels) for panel in scored],
        [_loss_panel(metrics, panel) for panel in found if panel.is_of_labels],
        [_loss_panel(metrics, panel) for panel in found if panel.title in _OF_TRAINING],
    )


def _by_scale(metrics: Metrics, panel: Panel) -> Iterator[Panel]:
    """Keep shares of a panel of scores together, and give all else panels of their own."""
    if panel.title in _OF_TRAINING or panel.is_of_labels:
        return
    shares = tuple(name for name in panel.names if _is_share(metrics, name))
    if shares:
        yield Panel(panel.title, shares)
    for name in panel.names:
        if name not in shares:
            label = in_words(name, metrics.against.get(name, ""))
            yield Panel(f"{panel.title}: {label}", (name,))


def _is_share(metrics: Metrics, name: str) -> bool:
    """Tell whether all values of a score lie between 0 and 1."""
    values = metrics.series(name)[1]
    return bool(((values >= 0) & (values <= 1)).all())


def _levels(evaluation: Evaluation | None) -> Mapping[str, Level]:
    """Find what shuffled conditions give, by the name of the score."""
    figures = dict(evaluation.figures()) if evaluation else {}
    return {
        name: Level(f"{figure.name}, shuffled", figure.chance.mean)
        for name, figure in figures.items()
        if figure.chance
    }


def _score_panel(metrics: Metrics, panel: Panel, levels: Mapping[str, Level]) -> Markup:
    """Draw scores as they are, and chance for the first of them."""
    beside = [levels[name] for name in panel.names[:1] if name in levels]
    share = all(_is_share(metrics, name) for name in panel.names)
    curves, reach = curves_of(metrics, panel), _reach(metrics)
    return curve_panel(panel.title, curves, share=share, levels=beside, reach=reach)


def _loss_panel(metrics: Metrics, panel: Panel) -> Markup:
    """Draw what a training reports of itself."""
    smooth = usual_smoothing(metrics.images_seen) if panel.is_noisy else 0.0
    curves, reach = curves_of(metrics, panel), _reach(metrics)
    return curve_panel(panel.title, curves, smooth=smooth, share=panel.is_share, reach=reach)


def _reach(metrics: Metrics) -> tuple[float, float]:
    """Let all panels of a run cover the same images seen."""
    return 0.0, float(metrics.images_seen[-1])
