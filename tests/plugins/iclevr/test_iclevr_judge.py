"""The judge that comes with the plugin, on scenes of seeds that it never saw.

It would be useless with the labels in another order, another range of pixels, or another size.
Shapes: images [N, 3, S, S]; shown and answers [N, 24].
"""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from ganx.contracts.dataset import Dataset
from ganx.contracts.judge import Judge
from ganx.judging.measures import exact_match, top_k_score
from ganx.judging.saved import read_judge
from ganx.scoring.chance import shuffled
from ganx_iclevr.config import IclevrConfig
from ganx_iclevr.dataset import SHIPPED_JUDGE, open_dataset
from ganx_iclevr.vocabulary import OBJECTS

SEED = 7000
COUNT = 450

Rows = NDArray[np.float64]


@cache
def judge() -> Judge:
    return read_judge(SHIPPED_JUDGE)


@cache
def scenes(resolution: int = 64) -> Dataset:
    return open_dataset(IclevrConfig(seed=SEED, size=COUNT, resolution=resolution))


@cache
def images(resolution: int = 64) -> torch.Tensor:
    pixels = scenes(resolution).images.read(0, COUNT, "cpu")
    return pixels.permute(0, 3, 1, 2).float() / 127.5 - 1


@cache
def answers(resolution: int = 64) -> Rows:
    return judge().probabilities(images(resolution))


def top_k(outputs: Rows) -> float:
    return top_k_score(outputs, scenes().conditions[: len(outputs)])


def test_it_knows_scenes_that_it_never_saw() -> None:
    assert top_k(answers()) >= 0.985
    assert exact_match(answers(), scenes().conditions, judge().threshold) >= 0.94


def test_it_knows_scenes_of_32_pixels_too() -> None:
    assert images(32).shape[-1] == 32
    assert top_k(answers(32)) >= 0.96


def test_of_other_scenes_labels_it_knows_nothing() -> None:
    shown = scenes().conditions
    baseline = shuffled(lambda order: top_k_score(answers(), shown[order]), COUNT, seed=0)
    k = shown.sum(axis=1)
    assert baseline.mean == pytest.approx((k**2).sum() / k.sum() / 24, abs=0.02)
    assert top_k(answers()) > baseline.mean + 50 * baseline.sd


def test_labels_in_another_order_are_noticed() -> None:
    by_colour = np.arange(24).reshape(3, 8).T.ravel()
    assert top_k(answers()[:, by_colour]) < 0.3


@pytest.mark.parametrize("group", range(3))
def test_each_shape_is_known(group: int) -> None:
    place = slice(8 * group, 8 * group + 8)
    shown = scenes().conditions[:, place] > 0
    assert (answers()[:, place] > judge().threshold)[shown].mean() >= 0.95


def test_pixels_in_another_range_are_noticed() -> None:
    few = (images()[:150] + 1) / 2
    assert top_k(judge().probabilities(few)) < 0.8


def test_images_that_are_cut_out_instead_of_squeezed_are_noticed() -> None:
    cut = images()[:150, :, 12:-12, 12:-12]
    assert top_k(judge().probabilities(cut)) < 0.8


def test_what_is_recorded_of_it_holds() -> None:
    record = judge().record
    assert record["dataset"]["provenance"]["seed"] == 1000
    assert record["dataset"]["provenance"]["resolution"] == 64
    assert judge().name == "iclevr 64px"
    held_out = judge().held_out
    assert held_out["top-k"] == pytest.approx(top_k(answers()), abs=0.015)
    assert held_out["top-k at 32 px"] == pytest.approx(top_k(answers(32)), abs=0.025)
    assert SHIPPED_JUDGE.stat().st_size < 3_000_000


def test_rendered_scenes_bring_it_along_and_it_fits_them() -> None:
    for settings in (IclevrConfig(size=3), IclevrConfig(size=3, resolution=32, seed=5)):
        dataset = open_dataset(settings)
        assert dataset.judge == SHIPPED_JUDGE
        assert dataset.interface.condition == judge().interface.condition
    assert open_dataset(IclevrConfig(size=3, labels=False)).judge == SHIPPED_JUDGE


def lab_folder(folder: Path, objects: tuple[str, ...] = OBJECTS) -> Path:
    (folder / "iclevr").mkdir(parents=True)
    Image.new("RGB", (8, 8)).save(folder / "iclevr" / "a.png")
    numbers = {name: number for number, name in enumerate(objects)}
    (folder / "objects.json").write_text(json.dumps(numbers))
    (folder / "train.json").write_text(json.dumps({"a.png": [objects[0]]}))
    return folder


def test_real_images_have_the_labs_judge_where_it_lies_beside_them(tmp_path: Path) -> None:
    folder = lab_folder(tmp_path / "real")
    assert open_dataset(IclevrConfig(folder=folder)).judge is None
    (folder / "checkpoint.pth").touch()
    found = open_dataset(IclevrConfig(folder=folder)).judge
    assert found == folder.resolve() / "checkpoint.pth"
    other = lab_folder(tmp_path / "other", tuple(f"thing number {one}" for one in range(24)))
    (other / "checkpoint.pth").touch()
    assert open_dataset(IclevrConfig(folder=other)).judge is None


def test_the_words_of_an_object_are_a_colour_and_a_shape(tmp_path: Path) -> None:
    assert scenes().factors == ("colour", "shape")
    assert open_dataset(IclevrConfig(folder=lab_folder(tmp_path / "lab"))).factors
    other = lab_folder(tmp_path / "other", ("cup", *OBJECTS[1:]))
    assert open_dataset(IclevrConfig(folder=other)).factors == ()
