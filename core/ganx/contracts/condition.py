"""What an image is asked to show: a float vector with a vocabulary, and its text form.

Shapes: K is the size of the condition; a condition vector is ``[K]``, a batch ``[B, K]``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from ganx.errors import LISTED, DataError, listed, nearest
from ganx.remedies import Remedy

Kind = Literal["none", "classes", "labels", "attributes"]


@dataclass(frozen=True)
class Group:
    """A named, contiguous slice of the condition vector, one entry for each value."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Condition:
    """The vocabulary of a data set's conditions.

    ``none`` has no entries; ``classes`` is one of K; ``labels`` is any of K; ``attributes`` is one
    of each group. Values of one group differ from each other.
    """

    kind: Kind
    groups: tuple[Group, ...] = ()

    most: int = field(default=0, compare=False)
    """The largest number of labels in one image or prompt of the data set; 0: it does not say."""

    limit: int = field(default=0, compare=False)
    """How many labels a generator can show at once, where it cannot show all; 0: all."""

    def __post_init__(self) -> None:
        """Refuse a vocabulary that its kind does not allow."""
        if (self.kind == "none") != (not self.groups):
            raise DataError(f"A condition of kind {self.kind!r} has {len(self.groups)} groups.")
        if self.kind in {"classes", "labels"} and len(self.groups) != 1:
            raise DataError(f"A condition of kind {self.kind!r} takes exactly one group.")
        for group in self.groups:
            if len(set(group.values)) != len(group.values):
                raise DataError(f"The values of condition group {group.name!r} are not unique.")

    @property
    def size(self) -> int:
        """K, the length of a condition vector."""
        return sum(len(group.values) for group in self.groups)

    @property
    def at_once(self) -> int:
        """How many values one vector names at most: one of each group, or the most labels."""
        if self.kind != "labels":
            return len(self.groups)
        return min(self.most or self.size, self.size)

    @cached_property
    def slices(self) -> Mapping[str, slice]:
        """The slice of each group in the vector."""
        found, start = {}, 0
        for group in self.groups:
            found[group.name] = slice(start, start + len(group.values))
            start += len(group.values)
        return found

    def encode(self, text: str) -> list[float]:
        """Read a condition such as ``"red cube, blue sphere"``, ``"hair=pink, eyes=blue"``, ``7``.

        Returns the vector [K]. Raises ``DataError`` for a value outside the vocabulary
        and for more labels than a limited generator can show.
        """
        vector = [0.0] * self.size
        parts = [part.strip() for part in text.split(",") if part.strip()]
        for part in parts:
            vector[self._position(part)] = 1.0
        self._check_counts(vector, text)
        return vector

    def decode(self, vector: Iterable[float]) -> str:
        """Write a vector [K] as the text that ``encode`` reads."""
        chosen = [bool(round(value)) for value in vector]
        words = []
        for group in self.groups:
            hits = chosen[self.slices[group.name]]
            found = [value for value, hit in zip(group.values, hits, strict=True) if hit]
            prefix = f"{group.name}=" if self.kind == "attributes" else ""
            words += [prefix + value for value in found]
        return ", ".join(words)

    def _position(self, part: str) -> int:
        if self.kind == "none":
            raise DataError(f"This generator takes no labels, but {part!r} was asked for.")
        name = self.groups[0].name
        value = part.removeprefix(f"{name}=")
        if self.kind == "attributes":
            name, found, value = (piece.strip() for piece in part.partition("="))
            if not found or name not in self.slices:
                groups = [group.name for group in self.groups]
                raise DataError(
                    f"Cannot read {part!r}: write attribute=value.{nearest(name, groups)} "
                    f"Attributes: {listed(groups)}.",
                    remedy=_of_many(groups),
                )
        values = next(group.values for group in self.groups if group.name == name)
        if value not in values:
            raise DataError(
                f"There is no {name} {value!r}.{nearest(value, values)} "
                f"Choose from: {listed(values)}.",
                remedy=_of_many(values),
            )
        start: int = self.slices[name].start
        return start + values.index(value)

    def _check_counts(self, vector: list[float], text: str) -> None:
        """Refuse two classes at once, an attribute missing or given twice, and too many labels."""
        if self.kind == "labels" and 0 < self.limit < sum(vector):
            raise DataError(
                f"{text!r} names {sum(vector):.0f} labels, and this generator can show "
                f"{self.limit} at once. Ask for fewer, or train one that can show more."
            )
        if self.kind not in {"classes", "attributes"}:
            return
        for group in self.groups:
            count = int(sum(vector[self.slices[group.name]]))
            if count != 1:
                raise DataError(
                    f"{text!r} names {count} values of {group.name}; give exactly one of "
                    f"{listed(group.values)}.",
                    remedy=_of_many(group.values),
                )

    def to_json(self) -> dict[str, Any]:
        """Describe the vocabulary for checkpoints and exported files."""
        groups = [{"name": group.name, "values": list(group.values)} for group in self.groups]
        counts = {"most": self.most, "limit": self.limit}
        known = {name: count for name, count in counts.items() if count}
        return {"kind": self.kind, "groups": groups, **known}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Condition":
        """Read what ``to_json`` wrote."""
        groups = tuple(Group(group["name"], tuple(group["values"])) for group in data["groups"])
        return cls(data["kind"], groups, data.get("most", 0), data.get("limit", 0))


def _of_many(names: Sequence[str]) -> Remedy | None:
    """Say where to see all names where they are too many to be listed."""
    if len(names) <= LISTED:
        return None
    return Remedy("see-all-labels", "Condition.groups has them all.")


UNCONDITIONAL = Condition("none")
