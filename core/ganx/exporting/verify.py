"""Comparing an exported file with the generator that it came from.

Shapes: z [B, Z], c [B, K], images [B, C, H, W] in [-1, 1]; levels [B, H, W, C] from 0 to 255.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ganx.contracts.export_config import ExportConfig
from ganx.contracts.frozen import FrozenGenerator
from ganx.errors import ExportError
from ganx.exporting.prepared import as_levels
from ganx.exporting.questions import Answer, Question, batches_of, contrasted, question

SLACK = 1e-4
"""How far beyond [-1, 1] rounding may carry a pixel."""

Ask = Callable[[Sequence[Question]], list[Answer]]
"""Puts questions to a file."""


@dataclass(frozen=True)
class Allowed:
    """How far a file's images may be from eager float32."""

    difference: float
    """Of a pixel, on the range [-1, 1]."""

    equal: float
    """The least share of pixels whose level from 0 to 255 is the same."""

    levels: int
    """The most levels that pixels may be off by."""

    beyond: float = 0.0
    """The largest share of pixels that may be off by more."""


FLOAT32 = Allowed(difference=1e-4, equal=0.999, levels=1)

FLOAT16 = Allowed(difference=1.0, equal=0.9, levels=2, beyond=0.01)
"""For 49 trained generators at least 93.8 % of the pixels were equal and at most 0.16 % off by more
than two levels. The largest difference says little: asked for labels that training never showed
together, a generator moved an edge by 0.47."""


def allowed_for(config: ExportConfig, difference: float | None = None) -> Allowed:
    """Return what is allowed in a precision, or with another difference of a pixel."""
    usual = FLOAT16 if config.precision == "float16" else FLOAT32
    return usual if difference is None else replace(usual, difference=difference)


@dataclass(frozen=True)
class Agreement:
    """How a file was found to agree with eager float32."""

    differences: Mapping[int, float]
    """The largest difference of a pixel on the range [-1, 1], by batch size. Of levels from 0 to
    255: how far the nearest image that rounds to them is from the generator's."""

    equal: float
    """The share of pixels whose level from 0 to 255 is the same."""

    levels: int
    """The most levels that a pixel is off by."""

    condition_change: float | None
    """The largest change of a pixel between two conditions; None without condition."""


def examine(
    frozen: FrozenGenerator,
    ask: Ask,
    config: ExportConfig,
    batch: int | None = None,
    allowed: Allowed | None = None,
) -> Agreement:
    """Ask a file for images at several batch sizes and compare them with eager float32.

    ``batch`` is the only size that the file takes, if it has one. Raises ``ExportError`` if an
    output has the wrong shape, is not finite, leaves [-1, 1], differs by more than is allowed, or
    if the condition changes nothing.
    """
    sizes = batches_of(batch)
    asked = [question(frozen, size) for size in sizes]
    contrast = contrasted(frozen, batch or 1)
    answers = ask([*asked, *contrast])
    for one, answer in zip([*asked, *contrast], answers, strict=True):
        _check(frozen, config, len(one.z), answer)
    seen = [_as_images(answer, config) for answer in answers]
    expected = [_eager(frozen, one) for one in asked]
    differences = {
        size: _difference(images, wanted, config)
        for size, images, wanted in zip(sizes, seen, expected, strict=False)
    }
    off = np.concatenate(
        [_off(images, wanted).ravel() for images, wanted in zip(seen, expected, strict=False)]
    )
    equal, levels = float((off == 0).mean()), int(off.max())
    allowed = allowed or allowed_for(config)
    beyond = float((off > allowed.levels).mean())
    change = _change(seen[len(asked) :])
    # Levels may hide a small change that the generator itself makes.
    plain = (config.precision, config.output) == ("float32", "float")
    if (change if plain else _change([_eager(frozen, one) for one in contrast])) == 0:
        raise ExportError(
            "The exported file gives the same image whatever the condition: the generator ignores "
            "its condition, or has not been trained long enough to use it."
        )
    found = Agreement(differences, equal, levels, change)
    _check_agreement(found, allowed, beyond)
    return found


@torch.no_grad()
def _eager(frozen: FrozenGenerator, asked: Question) -> NDArray[np.float32]:
    """Return the generator's own images: [B, C, H, W]."""
    inputs = (asked.z, asked.c) if asked.c.shape[1] else (asked.z,)
    images: NDArray[np.float32] = frozen.module(*map(torch.from_numpy, inputs)).numpy()
    return images


def _check(frozen: FrozenGenerator, config: ExportConfig, batch: int, answer: Answer) -> None:
    """Refuse images that are not what the interface promises."""
    if isinstance(answer, str):
        raise ExportError(
            f"The exported file does not run on a batch of {batch}: {answer} "
            f"If other batch sizes work, the generator fixes its batch size somewhere."
        )
    side, channels = frozen.interface.resolution, frozen.interface.channels
    levels = config.output == "uint8"
    shape = (batch, side, side, channels) if levels else (batch, channels, side, side)
    if answer.shape != shape:
        raise ExportError(f"The exported file gives images of {answer.shape}, not {shape}.")
    kind = np.uint8 if levels else np.float32
    if answer.dtype != kind:
        raise ExportError(f"The exported file gives {answer.dtype}, not {np.dtype(kind)}.")
    if not np.isfinite(answer).all():
        remedy = " Its numbers are too large for float16: export it in float32."
        raise ExportError(
            "The exported file gives images with values that are not finite."
            + (remedy if config.precision == "float16" else "")
        )
    extreme = 0.0 if levels else float(np.abs(answer).max())
    if extreme > 1 + SLACK:
        raise ExportError(
            f"The exported file gives pixels up to {extreme:.4g} in size; "
            f"images must stay within [-1, 1]. Does the generator end in a tanh?"
        )


def _as_images(answer: Answer, config: ExportConfig) -> NDArray[np.float32]:
    """Bring levels back to images [B, C, H, W]."""
    assert not isinstance(answer, str)
    if config.output == "float":
        return answer
    images: NDArray[Any] = answer.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1
    return images


def _difference(
    images: NDArray[np.float32], expected: NDArray[np.float32], config: ExportConfig
) -> float:
    """Return the largest difference of a pixel, less what rounding to levels explains."""
    rounding = 1 / 255 if config.output == "uint8" else 0.0
    return max(0.0, float(np.abs(images - expected).max()) - rounding)


def _off(images: NDArray[np.float32], expected: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return by how many levels from 0 to 255 pixels differ."""
    first, second = (as_levels(torch.from_numpy(one)).numpy() for one in (images, expected))
    off: NDArray[np.int16] = np.abs(first.astype(np.int16) - second)
    return off


def _change(contrast: Sequence[NDArray[np.float32]]) -> float | None:
    """Return by how much the images of two conditions differ; None without condition."""
    return float(np.abs(contrast[0] - contrast[1]).max()) if contrast else None


def _check_agreement(found: Agreement, allowed: Allowed, beyond: float) -> None:
    """Raise ``ExportError`` unless differences, levels, and the share beyond them are allowed."""
    # Written so that a difference that is not a number is refused too.
    if not all(value <= allowed.difference for value in found.differences.values()):
        measured = ", ".join(f"{value:.2e} at batch {b}" for b, value in found.differences.items())
        raise ExportError(
            f"The exported file's images differ from the generator's by {measured}; "
            f"at most {allowed.difference:.0e} is allowed."
        )
    if found.equal < allowed.equal or beyond > allowed.beyond:
        most = f"at most {allowed.beyond:.1%}" if allowed.beyond else "none"
        raise ExportError(
            f"Of the exported file's pixels {found.equal:.2%} have the generator's level from 0 to "
            f"255, and some are off by {found.levels}; at least {allowed.equal:.1%} must be equal "
            f"and {most} off by more than {allowed.levels}."
        )
