"""The scores of held-out scenes under the judge that comes along, and of scenes gone wrong.

A generator that returns a real image for every condition must be right; one whose labels, range of
pixels or size are wrong must not.
"""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from ganx.builtin.evaluators.prompt_accuracy import prompt_accuracy
from ganx.builtin.evaluators.settings import PromptAccuracyConfig
from ganx.contracts.dataset import Dataset
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.judge import Judge
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.results import Figure, Result
from ganx.contracts.subject import Subject
from ganx.data.images import to_images
from ganx.judging.measures import OF_LABEL_SETS
from ganx.judging.saved import load_judge
from ganx_iclevr.config import IclevrConfig
from ganx_iclevr.dataset import open_dataset

SEED = 271_828
"""Of scenes that neither a run nor the judge has seen."""

SCENES = 192
NOISE = Latent((LatentPart("noise", "normal", 2),))

Change = Callable[[Tensor], Tensor]


class Album(nn.Module):
    """Returns the image [C, S, S] of the first scene with the condition that is asked for."""

    def __init__(self, images: Tensor, conditions: Tensor) -> None:
        super().__init__()
        self.images = nn.Parameter(images, requires_grad=False)
        self.conditions = conditions

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        del z
        return self.images[torch.cdist(c, self.conditions).argmin(dim=1)]


def opened(resolution: int) -> Dataset:
    return open_dataset(IclevrConfig(seed=SEED, size=SCENES, resolution=resolution))


@cache
def album(resolution: int = 64) -> tuple[Tensor, Tensor]:
    """Render the scenes and what they show; of those that show the same, the first."""
    dataset = opened(resolution)
    images = to_images(dataset.images.read(0, SCENES, "cpu"))
    _, first = np.unique(dataset.conditions, axis=0, return_index=True)
    chosen = torch.from_numpy(np.sort(first))
    return images[chosen], torch.from_numpy(dataset.conditions).float()[chosen]


@pytest.fixture(scope="module")
def judge() -> Judge:
    path = opened(64).judge
    assert path is not None
    return load_judge(path)


def result_of(images: Tensor, shown: Tensor, judge: Judge) -> Result:
    """Ask for what each scene shows."""
    dataset = opened(64)
    condition = dataset.interface.condition
    generator = FrozenGenerator(Album(images, shown).eval(), dataset.interface, NOISE, {})
    texts = tuple(condition.decode(row) for row in album()[1].tolist())
    subject = Subject(generator, {"scenes": texts}, judge, None, (0,), dataset.factors)
    (result,) = prompt_accuracy(subject, PromptAccuracyConfig())
    return result


def figures(images: Tensor, shown: Tensor, judge: Judge) -> Mapping[str, Figure]:
    found = {figure.name: figure for figure in result_of(images, shown, judge).figures}
    assert list(found) == ["top-k", "exact match", *OF_LABEL_SETS, "colour", "shape"]
    return found


def test_real_images_have_nearly_all_the_objects_that_are_asked_for(judge: Judge) -> None:
    found = figures(*album(), judge)
    assert found["top-k"].mean >= 0.985
    assert found["exact match"].mean >= 0.93
    assert all(found[name].mean >= 0.97 for name in OF_LABEL_SETS)
    assert found["colour"].mean >= 0.985
    assert found["shape"].mean >= 0.985


def test_the_judge_brings_images_of_another_size_to_its_own(judge: Judge) -> None:
    found = figures(*album(128), judge)
    assert found["top-k"].mean >= 0.98
    assert found["exact match"].mean >= 0.9


def test_images_of_other_prompts_are_at_chance(judge: Judge) -> None:
    images, shown = album()
    order = torch.randperm(len(shown), generator=torch.Generator().manual_seed(0))
    for figure in figures(images, shown[order], judge).values():
        assert figure.chance is not None
        assert abs(figure.mean - figure.chance.mean) <= 3 * figure.chance.sd


def test_permuted_labels_are_no_hits(judge: Judge) -> None:
    images, shown = album()
    # "gray cube" asks for a red cube, and so on: the neighbour in the list of objects.
    found = figures(images, shown.roll(1, dims=1), judge)
    real = figures(images, shown, judge)
    assert found["top-k"].mean < 0.2
    assert found["exact match"].mean < 0.02
    assert found["colour"].mean < real["colour"].mean - 0.3


def _ranged(images: Tensor) -> Tensor:
    """Pixels from 0 to 1 in place of -1 to 1."""
    return (images + 1) / 2


def _cropped(images: Tensor) -> Tensor:
    """Cut the middle out and enlarge it."""
    return interpolate(images[:, :, 12:52, 12:52], (64, 64), mode="bilinear")


def _narrowed(images: Tensor) -> Tensor:
    """Cut the sides off instead of squeezing the whole, as a crop to a square does."""
    return interpolate(images[:, :, :, 8:56], (64, 64), mode="bilinear")


def _coarse(images: Tensor) -> Tensor:
    """Keep every eighth pixel both ways."""
    return interpolate(images, (8, 8), mode="nearest")


def _swapped(images: Tensor) -> Tensor:
    """Exchange red and blue."""
    return images.flip(1)


@pytest.mark.parametrize("change", [_ranged, _cropped, _narrowed, _coarse, _swapped])
def test_images_of_the_wrong_range_size_or_channels_are_noticed(
    change: Change, judge: Judge
) -> None:
    images, shown = album()
    found = figures(change(images), shown, judge)
    assert found["top-k"].mean < 0.9
    assert found["exact match"].mean < 0.8
    assert min(found["colour"].mean, found["shape"].mean) < 0.95


def test_the_tables_of_real_images_lie_on_the_diagonal(judge: Judge) -> None:
    tables = {table.title: table for table in result_of(*album(), judge).tables}
    assert len(tables["by object"].rows) == 24
    for name, values in (("colour", 8), ("shape", 3)):
        counts = np.array([row[1:] for row in tables[f"{name} asked and seen"].rows], np.int64)
        assert counts.shape == (values, values)
        assert counts.trace() >= 0.98 * counts.sum()
        assert counts.sum() == album()[1].sum()
