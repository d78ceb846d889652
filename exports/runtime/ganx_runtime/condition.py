"""What an image is asked to show: the vocabulary of a file, and the texts that name its values.

Shapes: K is the size of the condition; a vector is [K].
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ganx_runtime.errors import GeneratorError
from ganx_runtime.wording import listed, nearest

Kind = Literal["none", "classes", "labels", "attributes"]


@dataclass(frozen=True)
class Group:
    """A named, contiguous slice of the vector, one entry for each value."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Condition:
    """The vocabulary: ``classes`` is one of K, ``labels`` any of K, ``attributes`` one a group."""

    kind: Kind
    groups: tuple[Group, ...] = ()

    limit: int = 0
    """How many labels the generator can show at once, where it cannot show all; 0: all."""

    @property
    def size(self) -> int:
        """K, the length of a vector."""
        return sum(len(group.values) for group in self.groups)

    @cached_property
    def slices(self) -> dict[str, slice]:
        """The slice of each group in the vector."""
        found, start = {}, 0
        for group in self.groups:
            found[group.name] = slice(start, start + len(group.values))
            start += len(group.values)
        return found

    def encode(self, text: str) -> NDArray[np.float32]:
        """Read a text such as ``"red cube, blue sphere"``, ``"hair=pink, eyes=blue"``, ``7``: [K].

        Raises ``GeneratorError`` for a value outside the vocabulary and for more labels than the
        generator can show.
        """
        vector = np.zeros(self.size, np.float32)
        for part in filter(None, (part.strip() for part in text.split(","))):
            vector[self._position(part)] = 1
        self._check_counts(vector, text)
        return vector

    def _position(self, part: str) -> int:
        """Find the entry that a part of a text names."""
        if self.kind == "none":
            raise GeneratorError(f"This generator takes no labels, but {part!r} was asked for.")
        name = self.groups[0].name
        value = part.removeprefix(f"{name}=")
        if self.kind == "attributes":
            name, found, value = (piece.strip() for piece in part.partition("="))
            if not found or name not in self.slices:
                groups = [group.name for group in self.groups]
                raise GeneratorError(
                    f"Cannot read {part!r}: write attribute=value.{nearest(name, groups)} "
                    f"Attributes: {listed(groups)}."
                )
        values = next(group.values for group in self.groups if group.name == name)
        if value not in values:
            raise GeneratorError(
                f"There is no {name} {value!r}.{nearest(value, values)} "
                f"Choose from: {listed(values)}."
            )
        start: int = self.slices[name].start
        return start + values.index(value)

    def _check_counts(self, vector: NDArray[np.float32], text: str) -> None:
        """Refuse two classes at once, an attribute missing or given twice, and too many labels."""
        if self.kind == "labels" and 0 < self.limit < vector.sum():
            raise GeneratorError(
                f"{text!r} names {vector.sum():.0f} labels, and this generator can show "
                f"{self.limit} at once. Ask for fewer, or train one that can show more."
            )
        if self.kind not in {"classes", "attributes"}:
            return
        for group in self.groups:
            count = int(vector[self.slices[group.name]].sum())
            if count != 1:
                raise GeneratorError(
                    f"{text!r} names {count} values of {group.name}; give exactly one of "
                    f"{listed(group.values)}."
                )
