"""What conditions a generator was trained on, in short: enough to draw from, and to hand on.

It lists what many images share and only counts the values of all others, so that it neither grows
with the data set nor tells what a single image shows. ``docs/drawing.md`` has its JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganx.contracts.distribution import ConditionDistribution

DRAWING = "ganx-draw-1"
"""The rule by which images of a seed are drawn; see ``docs/drawing.md``."""

_SHARED = 10
"""So many training images have a combination that is listed."""

_LISTED = 256
"""So many combinations are listed at most."""


@dataclass(frozen=True)
class Rest:
    """The training images whose combination is not listed."""

    images: int

    labels_per_image: tuple[int, ...]
    """How many of them have 0 values, 1 value, 2 values, ..."""

    values: tuple[int, ...]
    """[K], how many of them have each value."""


@dataclass(frozen=True)
class ConditionSummary:
    """The combinations of values that many training images have, and counts of the rest."""

    combinations: tuple[tuple[int, ...], ...]
    """The set entries of each, ascending; the most frequent combination first."""

    counts: tuple[int, ...]
    """How many training images have each combination."""

    rest: Rest | None = None

    @classmethod
    def of(cls, distribution: ConditionDistribution) -> "ConditionSummary":
        """Summarise: combinations of 10 images or more, at most the 256 most frequent of them.

        Without conditions there is one combination, the empty one.
        """
        rows, counts = distribution.rows, distribution.counts
        if not rows.shape[1]:
            return cls(((),), (int(counts.sum()),))
        hits = [tuple(np.flatnonzero(row).tolist()) for row in rows]
        order = sorted(range(len(hits)), key=lambda place: (-counts[place], hits[place]))
        listed = [place for place in order if counts[place] >= _SHARED][:_LISTED]
        others = np.delete(np.arange(len(hits)), listed)
        return cls(
            tuple(hits[place] for place in listed),
            tuple(int(counts[place]) for place in listed),
            _rest(ConditionDistribution(rows[others], counts[others])),
        )

    def to_json(self) -> dict[str, Any]:
        """Describe the summary for exported files."""
        listed = {
            "combinations": [list(entries) for entries in self.combinations],
            "counts": list(self.counts),
        }
        if self.rest is None:
            return listed
        rest = {
            "images": self.rest.images,
            "labels_per_image": list(self.rest.labels_per_image),
            "values": list(self.rest.values),
        }
        return {**listed, "rest": rest}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ConditionSummary":
        """Read what ``to_json`` wrote."""
        rest = data.get("rest")
        return cls(
            tuple(map(tuple, data["combinations"])),
            tuple(data["counts"]),
            rest and Rest(rest["images"], tuple(rest["labels_per_image"]), tuple(rest["values"])),
        )


def _rest(others: ConditionDistribution) -> Rest | None:
    """Count the images of other combinations by how many values they have, and by each value."""
    if not len(others.rows):
        return None
    sizes = others.rows.sum(axis=1, dtype=np.int64)
    labels_per_image = np.zeros(sizes.max() + 1, np.int64)
    np.add.at(labels_per_image, sizes, others.counts)
    values = others.counts @ others.rows
    return Rest(int(others.counts.sum()), tuple(labels_per_image.tolist()), tuple(values.tolist()))
