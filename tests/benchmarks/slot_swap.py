"""One label exchanged under the same noise: what changes, and what stays as it was.

    python tests/benchmarks/slot_swap.py runs/00000-slots-iclevr -o swap.png

For pairs of prompts that differ in one label, the new label takes the noise of the one that it
replaces. Measured is the mean change of a pixel, in levels of 0 to 255, inside and outside the
object: inside are the cells that its sprite covers before or after, and ``MARGIN`` cells around
them, which the renderer's convolutions and the blur reach.
"""

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ganx.contracts.frozen import FrozenGenerator
from ganx.errors import ConfigError
from ganx.pictures.grid import save_picture
from ganx.pictures.labelled_grid import labelled_grid
from ganx.sampling.generator import load_generator
from ganx_slots.generator import SlotGenerator

MARGIN = 4
"""Cells of the working grid around a sprite: three 3x3 convolutions and the blur."""

COVERED = 0.02
"""Alpha from which on a sprite covers a cell."""

SHOWN = (
    ("red cube, blue sphere", "red cube", "green cylinder"),
    ("red cube, blue sphere", "blue sphere", "yellow cube"),
    ("gray cylinder, purple cube, cyan sphere", "purple cube", "brown cylinder"),
)
"""Prompts of the picture: what is asked for, which label goes, and which comes."""


class Swap(NamedTuple):
    """Images before and after [B, C, R, R], and the cells where the object is [B, 1, R, R]."""

    before: Tensor
    after: Tensor
    inside: Tensor


def swapped(frozen: FrozenGenerator, c: Tensor, old: Tensor, new: Tensor, z: Tensor) -> Swap:
    """Exchange label ``old`` [B] by ``new`` [B] in c [B, K], which takes its noise in z [B, Z]."""
    generator = frozen.module
    if not isinstance(generator, SlotGenerator):
        raise ConfigError("Only a generator with slots knows where its objects are.")
    rows = torch.arange(len(c))
    other_c, other_z = c.clone(), z.clone()
    other_c[rows, old], other_c[rows, new] = 0, 1
    noise = other_z[:, : generator.owned].view(len(c), c.shape[1], -1)
    noise[rows, new] = noise[rows, old]
    cover = torch.maximum(_cover(generator, z, c, old), _cover(generator, other_z, other_c, new))
    wide = functional.max_pool2d((cover > COVERED).float(), 2 * MARGIN + 1, 1, MARGIN)
    scale = frozen.interface.resolution // wide.shape[-1]
    inside = wide.repeat_interleave(scale, 2).repeat_interleave(scale, 3)
    return Swap(generator(z, c), generator(other_z, other_c), inside)


def _cover(generator: SlotGenerator, z: Tensor, c: Tensor, label: Tensor) -> Tensor:
    """Return where the object of one label [B] is: alpha [B, 1, H, H]."""
    placed, _ = generator.place(z, c)
    slot = (c.cumsum(1)[torch.arange(len(c)), label] - 1).long()
    return placed[torch.arange(len(c)), slot, -1:]


def measured(frozen: FrozenGenerator, count: int, seed: int) -> dict[str, float]:
    """Exchange a random label in ``count`` random prompts of two or three."""
    rng = np.random.default_rng(seed)
    size = frozen.interface.condition.size
    chosen = np.stack([rng.permutation(size)[:4] for _ in range(count)])
    c = torch.zeros(count, size)
    for row, (labels, three) in enumerate(zip(chosen, rng.random(count) < 0.5, strict=True)):
        c[row, labels[: 3 if three else 2].tolist()] = 1
    old, new = torch.from_numpy(chosen[:, 0]), torch.from_numpy(chosen[:, 3])
    z = torch.from_numpy(frozen.latent.draw(count, rng))
    before, after, inside = swapped(frozen, c, old, new, z)
    change = (after - before).abs().mean(dim=1, keepdim=True) * 127.5
    outside = 1 - inside
    return {
        "pairs": count,
        "inside, levels": float((change * inside).sum() / inside.sum()),
        "outside, levels": float((change * outside).sum() / outside.sum()),
        "outside, largest": float((change * outside).max()),
        "area outside": float(outside.mean()),
    }


def picture(frozen: FrozenGenerator, columns: int, seed: int, path: Path) -> None:
    """Draw each of ``SHOWN`` before and after, one noise a column."""
    condition = frozen.interface.condition
    z = torch.from_numpy(frozen.latent.draw(columns, np.random.default_rng(seed)))
    images, heads = [], []
    for text, old, new in SHOWN:
        c = torch.tensor([condition.encode(text)]).repeat(columns, 1)
        one, other = (condition.encode(label).index(1.0) for label in (old, new))
        labels = torch.full((columns,), one), torch.full((columns,), other)
        swap = swapped(frozen, c, *labels, z)
        images += [swap.before, swap.after]
        heads += [text, f"{old} -> {new}"]
    title = "one label exchanged, which takes the noise of the other"
    save_picture(labelled_grid(torch.cat(images), heads, [""] * columns, title), path)


@torch.inference_mode()
def main() -> None:
    """Measure, print, and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--pairs", type=int, default=256)
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, default=Path("swap.png"))
    given = parser.parse_args()
    frozen = load_generator(given.run)
    print(json.dumps(measured(frozen, given.pairs, given.seed), indent=2))
    picture(frozen, given.columns, given.seed, given.output)


if __name__ == "__main__":
    main()
