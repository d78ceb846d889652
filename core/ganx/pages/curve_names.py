"""Which curves stand together, and what they are called in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ganx.contracts.label_figures import (
    GRADIENT_RATIO,
    HEAD_PREFERENCE,
    PREFERENCE,
    SHARE_OF_BOTH,
    SHARE_OF_C,
    SHARE_OF_Z,
    named,
)
from ganx.contracts.plan import PARTS
from ganx.errors import LISTED, RunError, unknown
from ganx.remedies import Remedy
from ganx.runs.metrics import Metrics

SPEED = "images_per_second"

_LOSSES, _RATES, _PROBABILITIES = "Loss", "Learning rate", "Probability"

_TITLES: dict[str, str] = {
    **dict.fromkeys(map(str, PARTS), _LOSSES),
    "probability": _PROBABILITIES,
    "score": "D's score",
    "learning_rate": _RATES,
    SPEED: "Images per second",
    "skipped_steps": "Skipped steps",
    "augmentation": "Augmentation",
}
"""The panel of a metric, by what stands before the dot in its name."""

_PIXELS = "Variance of pixels"

_OF_LABELS: dict[str, str] = {
    named(PREFERENCE): "Label preference",
    named(HEAD_PREFERENCE): "Label preference",
    named(SHARE_OF_C): _PIXELS,
    named(SHARE_OF_Z): _PIXELS,
    named(SHARE_OF_BOTH): _PIXELS,
    named(GRADIENT_RATIO): "Gradient from c over z",
}
"""The panels of what tells whether labels are learned; their scales have nothing in common."""

_WORDS = {
    "real": "D on real",
    "fake": "D on fake",
    "pair": "D on both",
    "penalty": "D's penalty",
    "generator": "G",
}

_OF_REAL, _OF_TRAINED_ON = " of real images", " of training images"
"""How a figure's name ends that is of real images: while training, of those that are trained on."""

_IN_FULL = {
    "probability.real": "D(x)",
    "probability.generator": "D(G(z)) before G's step",
    "probability.fake": "D(G(z)) after G's step",
    "score.real": "on real",
    "score.generator": "on fake, before G's step",
    "score.fake": "on fake, after G's step",
    SPEED: "speed",
}


@dataclass(frozen=True)
class Panel:
    """Curves with one scale."""

    title: str
    names: tuple[str, ...]

    @property
    def is_share(self) -> bool:
        """Whether its values lie between 0 and 1."""
        return self.title in {_PROBABILITIES, _PIXELS}

    @property
    def is_noisy(self) -> bool:
        """Whether its values scatter, and are better read from their mean."""
        return self.title != _RATES and not self.is_of_labels

    @property
    def is_of_labels(self) -> bool:
        """Whether it shows if labels are learned."""
        return self.title in _OF_LABELS.values()

    @property
    def is_of_scores(self) -> bool:
        """Whether evaluators gave its values, not the training itself."""
        return self.title not in _TITLES.values()


def panels(metrics: Metrics, asked: Sequence[str] = ()) -> list[Panel]:
    """Group what is to be drawn: all that was asked for, or else all but the speed.

    Learning rates that never change are left out too. A name before the dot, such as
    ``probability``, asks for all that begin with it. Raises ``RunError`` for an unknown name.
    """
    names = [*dict.fromkeys(_asked(metrics, asked) if asked else _usual(metrics))]
    if not names:
        raise RunError("The metrics hold no curves yet. Train the run further.")
    titles = dict.fromkeys(_title(name) for name in names)
    return [
        Panel(title, tuple(name for name in names if _title(name) == title)) for title in titles
    ]


def in_words(name: str, against: str = "") -> str:
    """Write the name of a metric for a legend: ``real.bce`` is ``D on real: bce``.

    ``against`` names the real images that a score is held against; see ``Metrics.against``.
    """
    owner, _, rest = name.partition(".")
    if owner in _WORDS:
        return f"{_WORDS[owner]}: {rest}"
    if against:
        return f"{rest} against {against}"
    if rest.endswith(_OF_REAL):
        return rest.removesuffix(_OF_REAL) + _OF_TRAINED_ON
    return _IN_FULL.get(name, rest or name)


def _title(name: str) -> str:
    """Find the panel of a metric; what ganx does not know goes by what stands before the dot."""
    owner = name.partition(".")[0]
    if name in _OF_LABELS:
        return _OF_LABELS[name]
    return _TITLES.get(owner, owner.replace("_", " ").capitalize())


def _asked(metrics: Metrics, asked: Sequence[str]) -> Iterator[str]:
    """Yield the names that were asked for, whole or by what stands before the dot."""
    for wanted in dict.fromkeys(asked):
        found = [name for name in _all(metrics) if wanted in {name, name.partition(".")[0]}]
        if not found:
            raise RunError(unknown("metric", wanted, _all(metrics)), remedy=_where(metrics))
        yield from found


def _where(metrics: Metrics) -> Remedy | None:
    """Say where to see all metrics where they are too many to be listed."""
    if len(_all(metrics)) <= LISTED:
        return None
    return Remedy("see-all-metrics", "The run's metrics.jsonl has them all.")


def _usual(metrics: Metrics) -> Iterator[str]:
    """Yield what is drawn unless something else is asked for."""
    for name in _all(metrics):
        values = metrics.series(name)[1]
        is_still = _title(name) == _RATES and len({*values.tolist()}) <= 1
        if name != SPEED and not is_still and len(values):
            yield name


def _all(metrics: Metrics) -> list[str]:
    """List every metric that makes a curve."""
    return [name for name in metrics.columns if name != "iteration"]
