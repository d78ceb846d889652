"""A whole comparison: who is compared, whether that is fair, and what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ganx.comparing.configs import Setting, differing
from ganx.comparing.contender import Contender
from ganx.comparing.likeness import Reason, cautions, differences
from ganx.comparing.table import Row, rows
from ganx.comparing.verdict import HOW
from ganx.contracts.results import Evaluation
from ganx.errors import ComparisonError
from ganx.remedies import Remedy


@dataclass(frozen=True)
class Comparison:
    """Runs side by side."""

    contenders: Sequence[Contender]
    reasons: Sequence[Reason]
    """Why it is not like for like; empty when it is."""

    cautions: Sequence[Reason]
    """What a reader must know besides."""

    rows: Sequence[Row]
    settings: Sequence[Setting]
    """What differs in the configurations."""

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [one.name for one in self.contenders]

    @property
    def evenly_trained(self) -> bool:
        """Whether all have seen as many images."""
        return len({one.images_seen for one in self.contenders}) == 1

    def to_json(self) -> dict[str, Any]:
        """Write everything as JSON."""
        return {
            "like_for_like": not self.reasons,
            "reasons": [_reason(one) for one in self.reasons],
            "cautions": [_reason(one) for one in self.cautions],
            "how": HOW,
            "runs": [one.to_json() for one in self.contenders],
            "figures": [row.to_json(self.names) for row in self.rows],
            "settings": [
                {"key": one.key, "values": dict(zip(self.names, one.values, strict=True))}
                for one in self.settings
            ],
        }


def compared(contenders: Sequence[Contender], *, anyway: bool = False) -> Comparison:
    """Put runs side by side. Raises ``ComparisonError`` as ``checked`` does."""
    evaluations = [one.evaluation for one in contenders]
    names = [one.name for one in contenders]
    return Comparison(
        contenders,
        checked(evaluations, names, anyway=anyway),
        [*cautions(evaluations, names), *_changed(contenders)],
        rows(evaluations),
        differing([one.config for one in contenders]),
    )


def _changed(contenders: Sequence[Contender]) -> list[Reason]:
    """Tell of settings that were changed midway, so that a run's own are only those of its end."""
    return [
        Reason(
            "changed midway",
            f"{one.name} was changed while it trained: {'; '.join(one.changes)}.",
            "Its configuration holds the last values, with which it would not end here.",
        )
        for one in contenders
        if one.changes
    ]


def checked(
    evaluations: Sequence[Evaluation], names: Sequence[str], *, anyway: bool = False
) -> list[Reason]:
    """Return why evaluations are not like for like, when they are to be compared ``anyway``.

    Otherwise raises ``ComparisonError`` with every reason, if there is one; and in any case for
    fewer than two evaluations.
    """
    if len(evaluations) <= 1:
        raise ComparisonError("A comparison takes two runs or more. Name another one.")
    reasons = differences(evaluations, names)
    if reasons and not anyway:
        raise ComparisonError(
            _refusal(reasons),
            remedy=Remedy(
                "compare-anyway",
                "Compare them anyway to see their figures nevertheless, with these reasons written "
                "on them.",
            ),
        )
    return reasons


def _refusal(reasons: Sequence[Reason]) -> str:
    """Tell why."""
    listed = "".join(f"  - {reason}\n" for reason in reasons)
    return f"These runs cannot be compared like for like.\n{listed}"


def _reason(reason: Reason) -> dict[str, str]:
    """Write a reason as JSON."""
    return {"kind": reason.kind, "text": reason.text, "advice": reason.advice}
