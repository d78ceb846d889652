"""What the runs of a study draw of the same prompts from the same noise: a row for each."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from study_runs import Course
from torch import Tensor
from torch.nn.functional import interpolate

from ganx.data.cache import cache_root
from ganx.host import default_host
from ganx.pictures.grid import save_picture
from ganx.pictures.labelled_grid import labelled_grid
from ganx.sampling.generator import load_generator
from ganx.sampling.samples import sample_images
from ganx.scoring.opening import Request, open_run

PROMPTS = (
    "red cube",
    "blue sphere",
    "yellow cylinder",
    "green cube",
    "gray sphere",
    "red sphere, cyan cube",
    "purple cylinder, yellow sphere",
    "blue cube, green cylinder",
)
SIDE = 128
"""Pixels that an image is shown with."""


def draw_grids(courses: Sequence[Course], texts: Sequence[str], path: Path, *, seed: int) -> None:
    """Draw real images, and an image of each text from each run's last checkpoint.

    All images of a run come from one draw of noise, so that they differ by the text alone. Raises
    ``DataError`` for a text that a run does not know.
    """
    rows = [
        sample_images(load_generator(one.run.path, registries=default_host()), texts, 1, seed)
        for one in courses
    ]
    everything = torch.cat([_shown(row) for row in [real_images(courses[0], texts), *rows]])
    heads = ["real ", *(f"{one.name} " for one in courses)]
    title = f"moving average, last checkpoint, noise of seed {seed}"
    save_picture(labelled_grid(everything, heads, texts, title), path)


def real_images(one: Course, texts: Sequence[str]) -> Tensor:
    """Find a real image of each text, [N, C, H, W]; white where none of the reference has it."""
    opened = open_run(
        default_host(), one.run.path, Request(), cache=cache_root(), progress=lambda *_: None
    )
    reference, frozen = opened.subject.reference, opened.subject.generator
    assert reference is not None
    images, conditions = reference.read(reference.count)
    found = torch.ones(len(texts), *images.shape[1:])
    for place, text in enumerate(texts):
        asked = np.array(frozen.interface.condition.encode(text), np.float32)
        alike = np.flatnonzero((conditions == asked).all(axis=1))
        if len(alike):
            found[place] = images[int(alike[0])].float()
    return found


def _shown(images: Tensor) -> Tensor:
    """Enlarge images without smoothing them."""
    return interpolate(images.float(), (SIDE, SIDE), mode="nearest")
