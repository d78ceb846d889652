"""Which rows of a tag file can be trained on, and what is wrong with the others.

Shapes: N images.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganx_animefaces.tags import PARTS, Row
from ganx_animefaces.vocabulary import EYES, HAIR

VALUES = {"hair": HAIR, "eyes": EYES}

REASONS = {
    "double": "with more than one colour of hair or of eyes",
    "unknown": "with a colour outside the vocabulary",
    "missing": "without a colour of hair or of eyes",
}
"""Why a row is left out: the first that applies."""


@dataclass(frozen=True)
class Selection:
    """The rows with exactly one hair and one eye colour of the vocabulary."""

    stems: tuple[str, ...]
    """The image files' names without their ending."""

    hair: NDArray[np.int64]
    """[N], places in ``HAIR``."""

    eyes: NDArray[np.int64]
    """[N], places in ``EYES``."""

    rows: int
    """How many rows the file has."""

    left_out: Mapping[str, int]
    """How many rows are left out, for each of ``REASONS``."""

    unknown: Mapping[str, int]
    """How many rows name each colour outside the vocabulary, the most frequent first."""


def select(rows: Sequence[Row]) -> Selection:
    """Keep what can be trained on and count the rest."""
    faults = [_fault(row) for row in rows]
    kept = [row for row, fault in zip(rows, faults, strict=True) if not fault]
    counts = Counter(faults)
    strange = Counter(
        f"{colour} {part}"
        for row in rows
        for part in PARTS
        for colour in set(row.colours[part]) - set(VALUES[part])
    )
    return Selection(
        stems=tuple(row.index for row in kept),
        hair=_places(kept, "hair"),
        eyes=_places(kept, "eyes"),
        rows=len(rows),
        left_out={reason: counts[reason] for reason in REASONS},
        unknown=dict(sorted(strange.items(), key=lambda item: (-item[1], item[0]))),
    )


def _fault(row: Row) -> str:
    """Tell why a row is left out; nothing for one that is kept."""
    known = {part: _known(row, part) for part in PARTS}
    if any(len(colours) > 1 for colours in known.values()):
        return "double"
    lacking = [part for part in PARTS if not known[part]]
    if any(row.colours[part] for part in lacking):
        return "unknown"
    return "missing" if lacking else ""


def _known(row: Row, part: str) -> list[str]:
    """List the colours of the vocabulary that a row names."""
    return [colour for colour in row.colours[part] if colour in VALUES[part]]


def _places(rows: Sequence[Row], part: str) -> NDArray[np.int64]:
    """Look up the one colour of each row."""
    return np.array([VALUES[part].index(_known(row, part)[0]) for row in rows], np.int64)
