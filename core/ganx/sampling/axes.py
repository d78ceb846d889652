"""Axes of a grid of samples: what changes from row to row, or from column to column.

Shapes: an axis has V values; a latent vector is [Z], a condition vector [K].
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.condition import Condition
from ganx.contracts.latent import Latent, LatentPart
from ganx.errors import ConfigError, listed, nearest
from ganx.sampling.drawing import draw_latents

_USUAL = {"normal": (-2.0, 2.0), "uniform": (-1.0, 1.0), "continuous": (-1.0, 1.0)}
"""Where most of a part's training values lay."""

CODES = ("categorical", "continuous")


@dataclass(frozen=True)
class Axis:
    """V values of a slice of the latent or of the condition vector."""

    name: str
    heads: tuple[str, ...]
    """What is written beside each value."""

    vector: Literal["latent", "condition"]
    where: slice
    values: NDArray[np.float32]
    """[V, length of the slice]"""

    def same_place(self, other: "Axis") -> bool:
        """Tell whether both axes set the same entries."""
        return self.vector == other.vector and self.where == other.where


@dataclass(frozen=True)
class Span:
    """How far and in how many steps a number runs."""

    steps: int = 10
    limits: tuple[float, float] | None = None
    """First and last value; the part's usual range when None: -2 to 2 for normal noise, else -1
    to 1."""

    def __post_init__(self) -> None:
        """Refuse a span that is none."""
        if self.steps <= 1:
            raise ConfigError(f"A value runs in at least 2 steps, not {self.steps}.")
        if self.limits and not (all(map(isfinite, self.limits)) and len({*self.limits}) > 1):
            first, last = self.limits
            raise ConfigError(f"The range from {first:g} to {last:g} has no two ends.")

    def values(self, part: LatentPart) -> NDArray[np.float32]:
        """Return the values that a number of this part takes: [steps]."""
        return np.linspace(*(self.limits or _USUAL[part.kind]), self.steps, dtype=np.float32)


def latent_axis(latent: Latent, text: str, span: Span) -> Axis:
    """Read ``NAME`` or ``NAME.INDEX``: a categorical part, each category in turn, or one number.

    A part of a single number needs no index. Raises ``ConfigError`` for anything else.
    """
    part, index = _part_and_index(latent, text)
    where = latent.slices[part.name]
    if part.kind == "categorical":
        heads = tuple(str(category) for category in range(part.size))
        return Axis(part.name, heads, "latent", where, np.eye(part.size, dtype=np.float32))
    values = span.values(part)
    place = slice(where.start + index, where.start + index + 1)
    # Adding 0 turns the -0.0 that rounding may leave into 0.0.
    heads = tuple(f"{value:+.2f}" for value in np.round(values, 2) + 0)
    name = f"{part.name}.{index}" if part.size > 1 else part.name
    return Axis(name, heads, "latent", place, values[:, None])


def code_axes(latent: Latent, span: Span) -> list[Axis]:
    """Return an axis for each code, that is each categorical part and each continuous number.

    Raises ``ConfigError`` with what there is when the model has no codes.
    """
    codes = [part for part in latent.parts if part.kind in CODES]
    if not codes:
        raise ConfigError(
            f"This model has no codes. Name a number of its noise: {_spelled(latent.parts)}."
        )
    return [latent_axis(latent, name, span) for part in codes for name in _names(part)]


def group_axis(condition: Condition, name: str) -> Axis:
    """Return the axis of a condition group: each of its values in turn, and no other."""
    group = next(group for group in condition.groups if group.name == name)
    values = np.eye(len(group.values), dtype=np.float32)
    return Axis(name, group.values, "condition", condition.slices[name], values)


def named_axis(latent: Latent, condition: Condition, name: str, span: Span) -> Axis:
    """Find an axis by the name of a condition group or of a part of the latent.

    A part of the latent goes before a group of the same name.
    """
    parts = {part.name for part in latent.parts}
    groups = condition.slices
    if name in groups and name not in parts:
        return group_axis(condition, name)
    if name in parts or name.rpartition(".")[0] in parts:
        return latent_axis(latent, name, span)
    raise ConfigError(
        f"There is nothing called {name!r} to run through.{nearest(name, [*parts, *groups])} "
        f"Parts of the latent: {_spelled(latent.parts)}. Of the condition: {_listed(condition)}."
    )


def seed_axis(latent: Latent, first: int, count: int) -> Axis:
    """Return the axis of seeds: all of z of the first image of ``count`` seeds, the codes at 0."""
    seeds = range(first, first + count)
    values = np.stack([first_latent(latent, seed) for seed in seeds])
    heads = tuple(str(seed) for seed in seeds)
    return Axis("seed", heads, "latent", slice(0, latent.size), values)


def first_latent(latent: Latent, seed: int) -> NDArray[np.float32]:
    """Draw z [Z] of a seed's first image, with the continuous codes in their middle, at 0."""
    z: NDArray[np.float32] = draw_latents(latent, seed, range(1))[0]
    for part in latent.parts:
        if part.kind == "continuous":
            z[latent.slices[part.name]] = 0
    return z


def _part_and_index(latent: Latent, text: str) -> tuple[LatentPart, int]:
    """Find the part that a text names, and which of its numbers."""
    parts = {part.name: part for part in latent.parts}
    name, number = (text, "") if text in parts else text.rpartition(".")[::2]
    if name not in parts:
        raise ConfigError(
            f"There is no part {text!r} in the latent.{nearest(text, parts)} "
            f"Choose from: {_spelled(latent.parts)}."
        )
    part = parts[name]
    if part.kind == "categorical" and number:
        raise ConfigError(f"The categories of {name!r} run as a whole: write {name}.")
    if part.kind == "categorical" or (part.size == 1 and not number):
        return part, 0
    if not number.isdecimal() or int(number) >= part.size:
        raise ConfigError(f"{text!r} names no single number of {name!r}: write {_spelled([part])}.")
    return part, int(number)


def _names(part: LatentPart) -> Iterator[str]:
    if part.kind == "categorical" or part.size == 1:
        yield part.name
    else:
        yield from (f"{part.name}.{index}" for index in range(part.size))


def _spelled(parts: Sequence[LatentPart]) -> str:
    """List how the axes of parts are written, long parts by their first and last."""
    listed = [(names[0], names[-1]) for names in (list(_names(part)) for part in parts)]
    return ", ".join(a if a == b else f"{a} to {b}" for a, b in listed)


def _listed(condition: Condition) -> str:
    return listed([group.name for group in condition.groups])
