"""From one latent and condition to another, step by step.

Shapes: N pairs of ends, S steps; z [N, Z]; c [N, K]; images [S, N, C, H, W] in [-1, 1].
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.latent import Latent, PartKind
from ganx.errors import ConfigError
from ganx.sampling.drawing import draw_latents
from ganx.sampling.samples import conditions_of, generate_all

Array = NDArray[np.float32]

_PARALLEL = 1e-3
"""Sine of the angle below which two vectors have no arc between them."""


@dataclass(frozen=True)
class Ends:
    """N images to start from, or to arrive at."""

    z: Array
    """[N, Z]"""

    c: Array
    """[N, K]"""


def ends(
    frozen: FrozenGenerator, count: int, seeds: tuple[int, int], texts: tuple[str, str] | None
) -> tuple[Ends, Ends]:
    """Draw where ``count`` images start and where they arrive.

    Equal seeds keep the noise. Without texts both ends show the same conditions, drawn as in
    training. The images of a seed are those that sampling with it gives. Raises what
    ``sample_images`` does, and ``ConfigError`` when the ends are the same.
    """
    condition = frozen.interface.condition
    z = tuple(draw_latents(frozen.latent, seed, range(count)) for seed in seeds)
    if texts is None:
        c = (conditions_of(frozen, seeds[0], range(count)),) * 2
    else:
        first, last = (np.array(condition.encode(text), np.float32) for text in texts)
        c = np.tile(first, (count, 1)), np.tile(last, (count, 1))
    if np.array_equal(z[0], z[1]) and np.array_equal(*c):
        raise ConfigError(
            "Both ends are the same image. Give two different seeds, or two sets of labels."
        )
    return Ends(z[0], c[0]), Ends(z[1], c[1])


def interpolate(frozen: FrozenGenerator, first: Ends, last: Ends, steps: int) -> Tensor:
    """Generate the images from one end to the other, both included: [S, N, C, H, W].

    Latents move as ``between`` says, conditions on a straight line.
    """
    shares = np.linspace(0, 1, steps, dtype=np.float32)
    z = np.concatenate([between(frozen.latent, first.z, last.z, share) for share in shares])
    c = np.concatenate([_straight(first.c, last.c, share) for share in shares])
    images = generate_all(frozen, z, c)
    return images.reshape(steps, len(first.z), *images.shape[1:])


def between(latent: Latent, first: Array, last: Array, share: float) -> Array:
    """Return the latents at a share of the way, 0 to 1: [N, Z].

    Normal noise moves on a sphere, since a straight line leads through norms that never occur in
    training (White, "Sampling Generative Networks", 2016). Uniform noise and continuous codes move
    straight. Categories change halfway, since there is nothing between two of them.
    """
    z = np.empty_like(first)
    for part in latent.parts:
        where = latent.slices[part.name]
        z[:, where] = _PATHS[part.kind](first[:, where], last[:, where], share)
    return z


def _straight(first: Array, last: Array, share: float) -> Array:
    return (1 - share) * first + share * last


def _halfway(first: Array, last: Array, share: float) -> Array:
    return first if 2 * share < 1 else last


def _spherical(first: Array, last: Array, share: float) -> Array:
    """Move each row on an arc; straight where the rows are parallel and have none."""
    norms = np.linalg.norm(first, axis=1) * np.linalg.norm(last, axis=1)
    cosine = (first * last).sum(axis=1) / np.maximum(norms, np.finfo(np.float32).tiny)
    angle = np.arccos(np.clip(cosine, -1, 1))[:, None]
    sine = np.sin(angle)
    curved = sine > _PARALLEL
    safe = np.where(curved, sine, 1)
    before, after = np.sin((1 - share) * angle) / safe, np.sin(share * angle) / safe
    arc = before * first + after * last
    return np.where(curved, arc, _straight(first, last, share)).astype(np.float32)


_PATHS: dict[PartKind, Callable[[Array, Array, float], Array]] = {
    "normal": _spherical,
    "uniform": _straight,
    "continuous": _straight,
    "categorical": _halfway,
}
