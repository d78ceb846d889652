"""The nine systems of the reports: how far each was trained, and who may train how long now.

Time is given so that all come as far on their own way, as a share of the report's length.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FIRST_SHARE = 0.2
"""The share of the whole that the first slices take together, in which speeds are measured."""

FIRST_MOST = 90.0
"""Seconds that a first slice takes at most."""

LEAST = 10.0
"""Seconds below which a slice is not worth its start."""

_HALVINGS = 50


@dataclass(frozen=True)
class Report:
    """What a report says of one of its systems."""

    recipe: str
    epochs: int
    """Passes over its data that the recipe takes as its length."""

    figure: str
    """What it printed as its result."""


REPORTS = (
    Report("sagan-bce", 2000, "0.806 on 32 test prompts (2000 epochs)"),
    Report("wgan-gp", 600, "test 0.833, new_test 0.857 (to 600 epochs)"),
    Report("sagan-wgan-gp", 300, "test 0.708 (300 epochs)"),
    Report("dcgan-bce", 300, "test 0.710 (300 epochs)"),
    Report("cdcgan", 200, "test 0.722, new_test 0.750 (200 epochs)"),
    Report("acgan-iclevr", 300, "none; it did not work well"),
    Report("acgan", 100, "none; pictures"),
    Report("infogan", 150, "none; pictures"),
    Report("dcgan", 150, "none; pictures"),
)


@dataclass(frozen=True)
class Standing:
    """How far a run has come."""

    seen: int
    """Images seen at its newest checkpoint."""

    length: int
    """Images of the report's whole training."""

    speed: float | None
    """Images per second; None where no slice has measured it yet."""

    def seconds_to(self, share: float) -> float:
        """Tell how long it takes to a share of the report's length; 0 beyond it.

        Without a speed nobody can tell: 0, too.
        """
        return max(0.0, share * self.length - self.seen) / self.speed if self.speed else 0.0


def reach(standings: Sequence[Standing], seconds: float) -> float:
    """Find the share of their reports' lengths that all reach in a time one after the other."""
    if sum(one.seconds_to(1.0) for one in standings) <= seconds:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        enough = sum(one.seconds_to(middle) for one in standings) <= seconds
        low, high = (middle, high) if enough else (low, middle)
    return low


def next_slice(
    standings: Mapping[str, Standing], left: float, first: float
) -> tuple[str, float] | None:
    """Choose who trains next, and for how many seconds of those that are left.

    Runs whose speed is unknown come first, by the order given, for ``first`` seconds. Then it is
    whoever has the longest way to where all can get. None where nothing is worth a start.
    """
    if left < LEAST:
        return None
    for name, one in standings.items():
        if one.speed is None and one.seen < one.length:
            return name, min(first, left)
    share = reach(list(standings.values()), left)
    grants = {name: one.seconds_to(share) for name, one in standings.items()}
    longest = max(grants, key=lambda name: grants[name], default="")
    if not longest or grants[longest] <= 0:
        return None
    return longest, min(left, max(grants[longest], LEAST))


def first_seconds(whole: float, count: int) -> float:
    """Tell how long the first slice of each of so many runs is."""
    return max(LEAST, min(FIRST_MOST, FIRST_SHARE * whole / max(1, count)))
