"""The generator's random input: a float vector [B, Z] made of named parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

PartKind = Literal["normal", "uniform", "categorical", "continuous"]


@dataclass(frozen=True)
class LatentPart:
    """A named slice of z.

    ``normal`` is N(0, 1) noise, ``uniform`` is U(-1, 1) noise; ``categorical`` is a one-hot code
    and ``continuous`` a U(-1, 1) code, both of which a model may learn to recover (InfoGAN).
    """

    name: str
    kind: PartKind
    size: int


@dataclass(frozen=True)
class Latent:
    """The parts of z, in order."""

    parts: tuple[LatentPart, ...]

    @property
    def size(self) -> int:
        """Z, the length of a latent vector."""
        return sum(part.size for part in self.parts)

    @cached_property
    def slices(self) -> Mapping[str, slice]:
        """The slice of each part in z."""
        found, start = {}, 0
        for part in self.parts:
            found[part.name] = slice(start, start + part.size)
            start += part.size
        return found

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Draw z: [count, Z], float32."""
        drawn = [_draw_part(part, count, rng) for part in self.parts]
        return np.concatenate(drawn, axis=1)

    def to_json(self) -> list[dict[str, Any]]:
        """Describe the parts for checkpoints and exported files."""
        return [{"name": p.name, "kind": p.kind, "size": p.size} for p in self.parts]

    @classmethod
    def from_json(cls, data: list[Mapping[str, Any]]) -> "Latent":
        """Read what ``to_json`` wrote."""
        return cls(tuple(LatentPart(p["name"], p["kind"], p["size"]) for p in data))


def _draw_part(part: LatentPart, count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw one part of z: [count, size]."""
    if part.kind == "normal":
        return rng.standard_normal((count, part.size), dtype=np.float32)
    if part.kind == "categorical":
        return np.eye(part.size, dtype=np.float32)[rng.integers(part.size, size=count)]
    return rng.random((count, part.size), dtype=np.float32) * 2 - 1


CODES = ("categorical", "continuous")
"""The kinds of latent parts that Q recovers."""


def codes_of(latent: Latent) -> tuple[LatentPart, ...]:
    """Return the parts of a latent that are codes rather than noise."""
    return tuple(part for part in latent.parts if part.kind in CODES)
