"""Comparing an exported file with the generator that it came from.

Shapes: z [B, Z], c [B, K], images [B, C, H, W] in [-1, 1].
"""

import numpy as np
import torch
from numpy.typing import NDArray

from ganx.contracts.condition import Condition
from ganx.contracts.frozen import FrozenGenerator, Generate
from ganx.errors import ExportError

BATCHES = (1, 2, 7)
"""One, the size that graphs are captured at, and a size that nothing was prepared for."""

SLACK = 1e-4
"""How far beyond [-1, 1] rounding may carry a pixel."""

Array = NDArray[np.float32]


def compare(frozen: FrozenGenerator, generate: Generate, tolerance: float) -> dict[int, float]:
    """Return the largest absolute difference of a pixel to eager, for each batch size.

    Raises ``ExportError`` if an output has the wrong shape, is not finite, leaves [-1, 1], or
    differs by more than the tolerance.
    """
    differences = {batch: _difference(frozen, generate, batch) for batch in BATCHES}
    # Written so that a difference that is not a number is refused too.
    if not all(value <= tolerance for value in differences.values()):
        measured = ", ".join(f"{value:.2e} at batch {b}" for b, value in differences.items())
        raise ExportError(
            f"The exported file's images differ from the generator's by {measured}; "
            f"at most {tolerance:.0e} is allowed."
        )
    return differences


def _difference(frozen: FrozenGenerator, generate: Generate, batch: int) -> float:
    inputs = frozen.example_inputs(batch)
    with torch.no_grad():
        expected: Array = frozen.module(*inputs).numpy()
    z = inputs[0].numpy()
    c = inputs[1].numpy() if len(inputs) > 1 else np.zeros((batch, 0), np.float32)
    images = _run(generate, z, c)
    _check_images(frozen, images, batch)
    return float(np.abs(images - expected).max())


def _run(generate: Generate, z: Array, c: Array) -> Array:
    """Call the exported file, telling the batch size if that fails."""
    try:
        return generate(z, c)
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[-1]
        raise ExportError(
            f"The exported file does not run on a batch of {len(z)}: {reason} "
            f"If other batch sizes work, the generator fixes its batch size somewhere."
        ) from error


def _check_images(frozen: FrozenGenerator, images: Array, batch: int) -> None:
    """Refuse images that are not what the interface promises."""
    resolution = frozen.interface.resolution
    shape = (batch, frozen.interface.channels, resolution, resolution)
    if images.shape != shape:
        raise ExportError(f"The exported file gives images of {images.shape}, not {shape}.")
    if not np.isfinite(images).all():
        raise ExportError("The exported file gives images with values that are not finite.")
    extreme = float(np.abs(images).max())
    if extreme > 1 + SLACK:
        raise ExportError(
            f"The exported file gives pixels up to {extreme:.4g} in size; "
            f"images must stay within [-1, 1]. Does the generator end in a tanh?"
        )


def condition_change(frozen: FrozenGenerator, generate: Generate) -> float | None:
    """Return by how much the first and the last condition's images of one latent differ.

    None for an unconditional model. Raises ``ExportError`` if the condition changes nothing.
    """
    condition = frozen.interface.condition
    if not condition.size:
        return None
    z = frozen.example_inputs(1)[0].numpy()
    first, last = _first_and_last(condition)
    change = float(np.abs(_run(generate, z, first) - _run(generate, z, last)).max())
    if change == 0:
        raise ExportError(
            "The exported file gives the same image whatever the condition: the generator ignores "
            "its condition, or has not been trained long enough to use it."
        )
    return change


def _first_and_last(condition: Condition) -> tuple[Array, Array]:
    """Encode the first value of each group, and the last; nothing if there is only one."""
    first = np.zeros((1, condition.size), np.float32)
    last = np.zeros_like(first)
    for group, place in zip(condition.groups, condition.slices.values(), strict=True):
        first[0, place.start] = 1
        last[0, place.stop - 1] = len(group.values) > 1
    return first, last
