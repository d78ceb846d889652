"""Alarms: training is watched for signs of failing, and each is told once until it has gone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import exp, isfinite

from ganx.contracts.events import AlarmRaised
from ganx.contracts.label_figures import HEAD_PREFERENCE, LOW, PREFERENCE, named
from ganx.runs.metrics import Metrics

Levels = Mapping[str, float]
"""Losses and readings by name, smoothed; or scores of an evaluation."""


@dataclass(frozen=True)
class Sign:
    """Something that is too low when training fails."""

    kind: str
    """As in ``AlarmRaised``."""

    level: Callable[[Levels], float | None]
    """What is looked at; None where the metrics do not tell."""

    alarming: float
    """Below this it is a sign of failing."""

    gone: float
    """Above this the alarm has cleared, and may be raised anew."""

    patience: int
    """For how long it must have been there: iterations, or images seen for scores."""

    text: Callable[[Levels], str]
    """What was seen, what it means and what to try, in words of settings."""

    grace: int = 0
    """Before this nothing is raised: iterations, or images seen for scores."""


def _fooled(levels: Levels) -> float | None:
    """Return the probability that D gives generated images, if it knows real ones for real."""
    if not {"probability.real", "probability.fake"} <= levels.keys():
        return None
    fake = max(levels["probability.fake"], levels.get("probability.generator", 0.0))
    return fake if levels["probability.real"] > 1 / 2 else 1.0


def _saturated(levels: Levels) -> str:
    return (
        f"D has been almost sure for hundreds of iterations: on average it gives real images "
        f"{levels['probability.real']:.3f} and generated ones {_fooled(levels):.4f} as their "
        "probability of being real. So sure a D hardly says what would make an image better, and "
        f"images often stop improving. {_holding_back('bce')}"
    )


def _holding_back(loss: str) -> str:
    """Tell how to weaken a D that learns by a loss."""
    return (
        "If they do, hold D back in a new run: a lower optimizer.discriminator.learning_rate, "
        f"plan.generator_steps=2, or a penalty added to the loss, such as loss.sum='{loss} + 5*r1'."
    )


_SATURATION = Sign("saturation", _fooled, 0.01, 0.05, 300, _saturated)
"""D tells real from generated images almost surely. Not asked of scores that are no logits: the
critic of a Wasserstein loss is meant to be as sure as it can be, and its score has no scale."""


def _hinge(levels: Levels) -> float | None:
    """Return D's hinge loss as a share of that of a D which does not know: 1 on each side."""
    if not {"real.hinge", "fake.hinge"} <= levels.keys():
        return None
    return (levels["real.hinge"] + levels["fake.hinge"]) / 2


def _saturated_hinge(levels: Levels) -> str:
    return (
        f"D's hinge loss has been next to nothing for hundreds of iterations: "
        f"{levels['real.hinge']:.4f} on real and {levels['fake.hinge']:.4f} on generated images. "
        "All lie beyond its margin, so D no longer learns, and G is led by a D that stands still. "
        f"{_holding_back('hinge')}"
    )


_SATURATION_OF_HINGE = Sign("saturation", _hinge, 0.005, 0.02, 300, _saturated_hinge)
"""All images lie beyond D's margin."""


def _told_apart(levels: Levels) -> float | None:
    """Return how much likelier D finds real images to be real."""
    if not {"probability.real", "probability.fake"} <= levels.keys():
        return None
    return levels["probability.real"] - levels["probability.fake"]


def _defeated(levels: Levels) -> str:
    return (
        f"D has not told real from generated images for hundreds of iterations: on average it "
        f"gives real ones {levels['probability.real']:.3f} and generated ones "
        f"{levels['probability.fake']:.3f} as their probability of being real, so G learns nothing "
        "from it. Unless the images are already as good as real ones, strengthen D in a new run: "
        "plan.generator_steps=1, plan.discriminator_steps=2, or a higher "
        "optimizer.discriminator.learning_rate, at least that of G."
    )


_DEFEAT = Sign("defeat", _told_apart, 0.02, 0.05, 300, _defeated)
"""D guesses, or is misled. A perfect G would look the same, which the text says."""


OF_LOSSES = (_SATURATION, _SATURATION_OF_HINGE, _DEFEAT)
"""What is looked for at each reading of the losses."""


Collapse = Mapping[str, float]
"""Figures by name with the value below which G ignores the noise: ``EvaluatorSpec.collapse``."""


def _collapse(metrics: Collapse) -> Sign:
    """Watch the first of an evaluator's metrics that is scored; its level is in units of its limit.

    G ignores the noise where it is below 1. Its patience asks for a second evaluation.
    """

    def level(scores: Levels) -> float | None:
        found = _most_varied(scores, metrics)
        return scores[found] / metrics[_figure(found)] if found else None

    def text(scores: Levels) -> str:
        found = _most_varied(scores, metrics)
        assert found is not None
        return (
            f"Images that differ only in their noise look alike: their {_figure(found)} is "
            f"{scores[found]:.4f}, and less than {metrics[_figure(found)]:g} is a sign of failing. "
            "G ignores the noise, and paints one image for each prompt. This seldom mends itself. "
            "Start anew, or from an earlier checkpoint (train.init_from), with "
            "loss.sum='wasserstein + 10*gradient-penalty', plan.generator_steps=1, or a lower "
            "optimizer.generator.learning_rate."
        )

    return Sign("collapse", level, 1.0, 1.25, 2_000, text, grace=20_000)


def _most_varied(scores: Levels, metrics: Collapse) -> str | None:
    """Name the score of the first metric that is there, where it is highest of all subjects."""
    for metric in metrics:
        there = [name for name in scores if _figure(name) == metric]
        if there:
            return max(there, key=lambda name: scores[name])
    return None


def _figure(score: str) -> str:
    """Take the metric's name out of ``scope.figure``."""
    return score.partition(".")[2]


_PREFERENCES = (named(PREFERENCE), named(HEAD_PREFERENCE))


def _preference(scores: Levels) -> float | None:
    """Return how much D prefers right labels, by its score or by its head, whichever tells more."""
    told = [scores[name] for name in _PREFERENCES if name in scores]
    return max(told, default=None)


def _unlearned(scores: Levels) -> str:
    return (
        "D hardly prefers the right labels of real images to those of other images: by "
        f"{_preference(scores):.3f} standard deviations, and less than {LOW:g} after so many "
        "images is a sign of failing. What D does not look at, G does not learn: images will not "
        "show what they are asked for. Start anew with one of these: "
        "wrong labels in the loss (loss.sum='bce + matching'); a model whose D has a map of "
        "evidence for each label, with loss.sum='relativistic + auxiliary + 0.25*r1 + 0.25*r2'; a "
        "model whose D takes labels by projection; or loss.sum='relativistic + 2*r1 + 2*r2'."
    )


_UNLEARNED = Sign("labels", _preference, LOW, 2 * LOW, 0, _unlearned, grace=20_000)
"""D judges images and not what they are said to show. Where its score takes no labels, or they are
taught by its head, the head speaks for it."""


OF_SCORES = (_UNLEARNED,)
"""What is looked for at each evaluation, beside what evaluators call a collapse."""


_HORIZON = 50
"""Iterations over which losses are smoothed, so that a single batch decides nothing."""

_FIRST_ITERATIONS = 200
"""Before so many iterations scores say nothing: at its start, G paints all alike."""


class Alarms:
    """Watches one run. After a resume, ``replay`` what the run had recorded until then.

    ``collapse`` has what each evaluator of the run calls a collapse.
    """

    def __init__(self, collapse: Iterable[Collapse] = ()) -> None:
        self._losses = [_Watch(sign) for sign in OF_LOSSES]
        self._scores = [_Watch(one) for one in (*OF_SCORES, *map(_collapse, collapse))]
        self._levels: dict[str, float] = {}
        self._moments: dict[str, int] = {}
        self._iteration: int | None = None

    def stepped(
        self, images_seen: int, iteration: int, metrics: Mapping[str, float]
    ) -> list[AlarmRaised]:
        """Look at losses, averaged since the last call; return the alarms that this raises."""
        self._smooth(iteration, metrics)
        levels = {name: self._levels[name] for name in metrics if name in self._levels}
        return _raised(self._losses, images_seen, iteration, levels)

    def evaluated(self, images_seen: int, scores: Mapping[str, float]) -> list[AlarmRaised]:
        """Look at scores by ``scope.figure``; return the alarms that this raises."""
        if self._iteration is not None and self._iteration < _FIRST_ITERATIONS:
            return []
        finite = {name: value for name, value in scores.items() if isfinite(value)}
        return _raised(self._scores, images_seen, images_seen, finite)

    def replay(self, metrics: Metrics) -> None:
        """Live through what a run recorded; what was raised then is not raised again."""
        names = list(metrics.columns)
        columns = [metrics.columns[name].tolist() for name in names]
        for seen, *values in zip(metrics.images_seen.tolist(), *columns, strict=True):
            row = {name: one for name, one in zip(names, values, strict=True) if isfinite(one)}
            self.stepped(int(seen), int(row.pop("iteration", 0)), row)
            self.evaluated(int(seen), row)

    def _smooth(self, iteration: int, metrics: Mapping[str, float]) -> None:
        """Let the levels follow the metrics."""
        for name, value in metrics.items():
            # Of its own, as a term that counts now and then is not in every reading.
            passed = max(0, iteration - self._moments.get(name, 0))
            share = 1 - exp(-passed / _HORIZON)
            before = self._levels.get(name, value)
            self._levels[name] = before + share * (value - before)
            self._moments[name] = iteration
        self._iteration = iteration


class _Watch:
    """Remembers since when a sign has been there, and whether it was told."""

    def __init__(self, sign: Sign) -> None:
        self.sign = sign
        self._since: int | None = None
        self._told = False

    def look(self, level: float, now: int) -> bool:
        """Tell whether the sign has to be told now: iterations, or images seen."""
        sign = self.sign
        if level > sign.gone:
            self._told = False
        if level >= sign.alarming:
            self._since = None
        elif self._since is None:
            self._since = now
        if self._told or self._since is None:
            return False
        self._told = now - self._since >= sign.patience and now >= sign.grace
        return self._told


def _raised(
    watches: Iterable[_Watch], images_seen: int, now: int, levels: Levels
) -> list[AlarmRaised]:
    """Look at every sign that the levels tell of."""
    alarms = []
    for watch in watches:
        level = watch.sign.level(levels)
        if level is not None and watch.look(level, now):
            alarms.append(AlarmRaised(images_seen, watch.sign.kind, watch.sign.text(levels)))
    return alarms
