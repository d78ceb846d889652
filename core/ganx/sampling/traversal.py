"""Grids in which a part of the latent runs down the rows, and noise is fixed.

Shapes: z [Z] and c [K] of one image; a grid of R rows and V columns is [R * V, C, H, W].
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ganx.contracts.condition import Condition
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.latent import Latent
from ganx.errors import ConfigError
from ganx.pictures.captions import stacked
from ganx.pictures.labelled_grid import labelled_grid
from ganx.remedies import Remedy
from ganx.sampling.axes import Axis, Span, code_axes, first_latent, latent_axis
from ganx.sampling.samples import conditions_of, generate_all


@dataclass(frozen=True)
class Fixed:
    """What every image of a grid has in common, wherever its axes do not say otherwise."""

    z: NDArray[np.float32]
    """[Z], the continuous codes at 0."""

    c: NDArray[np.float32]
    """[K]"""


def row_axes(latent: Latent, parts: Sequence[str], columns: Axis, span: Span) -> list[Axis]:
    """Return the axes that parts name, or else every code that the columns do not run through.

    Raises ``ConfigError`` for an unknown part, or when no code is left.
    """
    if parts:
        return [latent_axis(latent, part, span) for part in parts]
    found = [axis for axis in code_axes(latent, span) if not axis.same_place(columns)]
    if not found:
        raise ConfigError(
            f"The only code, {columns.name}, is in the columns already. Name a part for the rows."
        )
    return found


def fixed_inputs(frozen: FrozenGenerator, text: str | None, columns: Axis, seed: int) -> Fixed:
    """Draw the noise of a grid; read its condition, or draw one as in training without a text.

    What is drawn is the seed's first image. A text need not name a value of the attribute that the
    columns run through. Raises what ``sample_images`` does, and ``ConfigError`` when the
    columns leave nothing of the condition to a text.
    """
    z = first_latent(frozen.latent, seed)
    condition = frozen.interface.condition
    if text is None:
        return Fixed(z, conditions_of(frozen, seed, range(1))[0])
    if columns.vector == "condition" and len(condition.groups) == 1:
        raise ConfigError(
            f"The columns show every {columns.name}, so {text!r} has nothing left to decide.",
            remedy=Remedy("leave-out-the-labels", "Leave out that text, or the rows."),
        )
    whole = _completed(text, columns)
    return Fixed(z, np.array(condition.encode(whole), np.float32))


def traverse(frozen: FrozenGenerator, rows: Axis, columns: Axis, fixed: Fixed) -> Tensor:
    """Generate a grid, row by row: [R * V, C, H, W] in [-1, 1].

    Raises ``ConfigError`` when rows and columns are the same.
    """
    if rows.same_place(columns):
        raise ConfigError(
            f"Rows and columns would both run through {rows.name}. Name another part."
        )
    shape = (len(rows.values), len(columns.values), -1)
    vectors = {"latent": fixed.z, "condition": fixed.c}
    grids = {
        name: np.broadcast_to(vector, (*shape[:2], len(vector))).copy()
        for name, vector in vectors.items()
    }
    # Columns first: those of seeds fill all of z, and the rows then set their part of it.
    grids[columns.vector][:, :, columns.where] = columns.values[None]
    grids[rows.vector][:, :, rows.where] = rows.values[:, None]
    size = shape[0] * shape[1]
    z, c = (grids[name].reshape(size, len(vector)) for name, vector in vectors.items())
    return generate_all(frozen, z, c)


def traversal_picture(
    frozen: FrozenGenerator, rows: Sequence[Axis], columns: Axis, fixed: Fixed
) -> Image.Image:
    """Draw a titled grid for each of the rows' axes, below each other."""
    text = fixed_text(frozen.interface.condition, fixed, columns)
    of = f", {text}" if text else ""
    grids = [
        labelled_grid(
            traverse(frozen, axis, columns, fixed),
            axis.heads,
            columns.heads,
            f"{axis.name} down, {columns.name} across{of}",
        )
        for axis in rows
    ]
    return stacked(grids)


def fixed_text(condition: Condition, fixed: Fixed, columns: Axis) -> str:
    """Write what of the condition is the same in every column, such as ``eyes=blue``."""
    c = fixed.c.copy()
    if columns.vector == "condition":
        c[columns.where] = 0
    return condition.decode(c)


def _completed(text: str, columns: Axis) -> str:
    """Add a value of the columns' attribute to a text that rightly leaves it out."""
    named = {part.partition("=")[0].strip() for part in text.split(",")}
    if columns.vector == "latent" or columns.name in named:
        return text
    return f"{text}, {columns.name}={columns.heads[0]}"
