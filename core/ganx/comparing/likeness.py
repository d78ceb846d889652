"""Whether evaluations are like for like: the same in all that decides figures but the generator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ganx.comparing.aspects import (
    MUST_AGREE,
    WORTH_TELLING,
    Aspect,
    settings_of,
)
from ganx.contracts.protocol import as_text
from ganx.contracts.results import Evaluation

_OTHER_DATA = {"data set", "source"}
_IMPLIED = {
    "training data": _OTHER_DATA | {"resolution"},
    "labels": _OTHER_DATA | {"training data", "vocabulary"},
}
"""Reasons that are not told beside others, from which they follow."""

_Named = list[tuple[str, Evaluation]]


@dataclass(frozen=True)
class Reason:
    """Why evaluations are not like for like, or what else a reader must know of them."""

    kind: str
    """Such as ``judge``."""

    text: str
    """What differs, and between whom."""

    advice: str = ""
    """What would make it the same, or what follows from it."""

    def __str__(self) -> str:
        """Write both sentences."""
        return f"{self.text} {self.advice}".rstrip()


def differences(evaluations: Sequence[Evaluation], names: Sequence[str] = ()) -> list[Reason]:
    """Find why evaluations are not like for like; nothing when they are.

    ``names`` tell them apart in the text, the names of their runs when left out. Their order
    changes nothing. Images seen may differ, of which ``cautions`` tells.
    """
    named = _named(evaluations, names)
    evaluators = sorted({name for one in evaluations for name in one.protocol.evaluators})
    reasons = _differing([*MUST_AGREE, *map(settings_of, evaluators)], named)
    kinds = {reason.kind for reason in reasons}
    return [one for one in reasons if not kinds & _IMPLIED.get(one.kind, set())]


def cautions(evaluations: Sequence[Evaluation], names: Sequence[str] = ()) -> list[Reason]:
    """Find what a reader must know, although it forbids no comparison.

    What is to be known of one evaluation alone stands in its ``notes``.
    """
    return _differing(WORTH_TELLING, _named(evaluations, names))


def _named(evaluations: Sequence[Evaluation], names: Sequence[str]) -> _Named:
    """Put evaluations into an order that does not depend on how they were given."""
    chosen = names or [one.origin.run for one in evaluations]
    pairs = zip(chosen, evaluations, strict=True)
    return sorted(pairs, key=lambda pair: (pair[0], as_text(pair[1].to_json())))


def _differing(aspects: Iterable[Aspect], named: _Named) -> list[Reason]:
    """Tell of every aspect in which not all are the same."""
    found = []
    for aspect in aspects:
        groups = _groups(aspect, named)
        if len(groups) > 1:
            text = f"{aspect.what}: {'; '.join(_shown(aspect, group) for group in groups)}."
            found.append(Reason(aspect.kind, text, aspect.advice))
    return found


def _groups(aspect: Aspect, named: _Named) -> list[_Named]:
    """Gather evaluations by what they have; those of which it is not known are left out."""
    groups: dict[str, _Named] = {}
    for name, evaluation in named:
        value = aspect.read(evaluation)
        if value is not None:
            groups.setdefault(as_text(value), []).append((name, evaluation))
    return list(groups.values())


def _shown(aspect: Aspect, group: _Named) -> str:
    """Write what the members of a group have, and who they are."""
    return f"{aspect.show(group[0][1])} ({', '.join(name for name, _ in group)})"
