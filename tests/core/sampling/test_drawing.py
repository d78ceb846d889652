"""What the images of a seed are drawn from: by the rule of docs/drawing.md."""

import json
import re
from pathlib import Path
from typing import Any

import draw_vectors
import numpy as np
import pytest
from codes import FACES, LATENT, SHAPES

from ganx.contracts.condition import Condition
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.summary import ConditionSummary, Rest
from ganx.errors import ConfigError, DataError
from ganx.sampling.drawing import draw_conditions, draw_latents

VECTORS = json.loads(draw_vectors.VECTORS.read_text())
BY_NAME = {case["name"]: case for case in VECTORS["cases"]}
MIXED = ConditionSummary(((0, 1), (2,)), (30, 20), Rest(50, (5, 25, 20), (40, 20, 5)))


def test_the_vectors_are_what_the_rule_gives_number_by_number() -> None:
    assert json.loads(json.dumps(draw_vectors.cases())) == VECTORS["cases"]
    assert json.loads(json.dumps(draw_vectors.texts())) == VECTORS["texts"]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=BY_NAME)
def test_latents_are_those_of_the_vectors(case: dict[str, Any]) -> None:
    latent = Latent.from_json(case["metadata"]["latent"])
    expected = np.array(case["z"], np.float32)
    for image, row in zip(case["images"], expected, strict=True):
        z = draw_latents(latent, int(case["seed"]), range(image, image + 1))
        # Logarithm and cosine may differ in the last bit of 64 from machine to machine.
        np.testing.assert_array_max_ulp(z[0], row, maxulp=1)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=BY_NAME)
def test_conditions_are_those_of_the_vectors(case: dict[str, Any]) -> None:
    metadata = case["metadata"]
    condition = Condition.from_json(metadata["interface"]["condition"])
    summary = ConditionSummary.from_json(
        metadata.get("distribution", {"combinations": [[]], "counts": [1]})
    )
    drawn = [
        draw_conditions(summary, condition, int(case["seed"]), range(image, image + 1))[0]
        for image in case["images"]
    ]
    assert np.array(drawn).tolist() == case["c"]


@pytest.mark.parametrize("one", VECTORS["texts"], ids=lambda one: repr(one["text"]))
def test_texts_are_read_as_the_vectors_say(one: dict[str, Any]) -> None:
    condition = Condition.from_json(one["condition"])
    if one["set"] is None:
        with pytest.raises(DataError):
            condition.encode(one["text"])
    else:
        assert np.flatnonzero(condition.encode(one["text"])).tolist() == one["set"]


def test_the_examples_of_the_page_hold() -> None:
    page = (Path(__file__).parents[3] / "docs/drawing.md").read_text("utf-8")
    found = re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    summary, noise, labels = map(json.loads, found)
    for purpose, one in enumerate((noise, labels)):
        words = [
            draw_vectors.word(one["seed"], one["image"], purpose, k)
            for k in range(len(one["words"]))
        ]
        assert words == one["words"]
    images = [range(one["image"], one["image"] + 1) for one in (noise, labels)]
    z = draw_latents(Latent.from_json(noise["latent"]), noise["seed"], images[0])[0]
    assert z.tolist() == pytest.approx(noise["z"], rel=1e-7)
    c = draw_conditions(
        ConditionSummary.from_json(summary),
        Condition.from_json(labels["condition"]),
        labels["seed"],
        images[1],
    )
    assert c[0].tolist() == labels["c"]


@pytest.mark.parametrize("images", [range(8), range(70, 130), range(199, 200), range(0)])
def test_any_images_of_a_seed_are_the_same_as_among_all(images: range) -> None:
    places = slice(images.start, images.stop)
    whole = draw_latents(LATENT, 3, range(200))
    assert draw_latents(LATENT, 3, images).tobytes() == whole[places].tobytes()
    for condition in (SHAPES, Condition("classes", SHAPES.groups)):
        all_of_them = draw_conditions(MIXED, condition, 3, range(200))
        some = draw_conditions(MIXED, condition, 3, images)
        assert some.tolist() == all_of_them[places].tolist()


def test_another_seed_or_image_is_drawn_anew() -> None:
    rows = [draw_latents(LATENT, seed, range(4))[:, :3] for seed in (0, 1, 2**32)]
    assert len(np.unique(np.concatenate(rows))) == 36


def test_normal_noise_has_the_moments_of_a_normal_distribution() -> None:
    z = draw_latents(Latent((LatentPart("noise", "normal", 100),)), 0, range(2000))
    assert z.mean() == pytest.approx(0, abs=0.01)
    assert z.std() == pytest.approx(1, abs=0.01)
    assert (abs(z) > 3).mean() == pytest.approx(0.0027, abs=0.0005)
    assert abs(np.corrcoef(z[:, ::20], rowvar=False) - np.eye(5)).max() < 0.1


def test_conditions_are_as_frequent_as_in_training() -> None:
    c = draw_conditions(MIXED, SHAPES, 0, range(4000))
    listed = [(c == row).all(axis=1).mean() for row in ([1, 1, 0], [0, 0, 1])]
    assert listed[0] > 0.3
    # 0.2 of all, and of the half that is not listed, those with one label: 25/50 * 5/65.
    assert listed[1] == pytest.approx(0.2 + 0.5 * 0.5 * 5 / 65, abs=0.02)
    assert (c.sum(axis=1) == 0).mean() == pytest.approx(0.05, abs=0.02)


def test_attributes_that_are_not_listed_have_one_value_in_each_group() -> None:
    summary = ConditionSummary((), (), Rest(10, (0, 0, 10), (9, 1, 5, 5, 0)))
    c = draw_conditions(summary, FACES, 0, range(1000))
    assert (c[:, :2].sum(axis=1) == 1).all()
    assert (c[:, 2:].sum(axis=1) == 1).all()
    assert c.mean(axis=0) == pytest.approx([0.9, 0.1, 0.5, 0.5, 0], abs=0.05)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_of_more_than_64_bits_is_refused(seed: int) -> None:
    with pytest.raises(ConfigError, match=rf"from 0 to 18446744073709551615, not {seed}\."):
        draw_latents(LATENT, seed, range(1))
    with pytest.raises(ConfigError, match="A seed is a whole number"):
        draw_conditions(MIXED, SHAPES, seed, range(1))
