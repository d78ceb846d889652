"""The runtime draws by the rule that core and page draw by: one file holds all of them to it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ganx_runtime import GeneratorError
from ganx_runtime.description import Description, described
from ganx_runtime.drawing import conditions, latents
from ganx_runtime.philox import words

VECTORS = json.loads(
    (Path(__file__).parents[1] / "support" / "draw_vectors.json").read_text("utf-8")
)
CASES = VECTORS["cases"]
FLOATS = 1e-6
"""Logarithms of another machine may differ in the last bit."""


def description(case: dict[str, Any]) -> Description:
    return described({**case["metadata"], "file": {"output": "float"}})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_latents_are_those_of_the_rule(case: dict[str, Any]) -> None:
    images = np.array(case["images"], np.uint64)
    drawn = latents(description(case).latent, int(case["seed"]), images)
    assert drawn.dtype == np.float32
    np.testing.assert_allclose(drawn, np.array(case["z"]), rtol=FLOATS, atol=FLOATS)


@pytest.mark.parametrize(
    "case", [one for one in CASES if "distribution" in one["metadata"]], ids=lambda one: one["name"]
)
def test_conditions_are_those_of_the_rule(case: dict[str, Any]) -> None:
    about, images = description(case), np.array(case["images"], np.uint64)
    assert about.distribution is not None
    drawn = conditions(about.condition, about.distribution, int(case["seed"]), images)
    np.testing.assert_array_equal(drawn, np.array(case["c"]).reshape(drawn.shape))


@pytest.mark.parametrize("case", VECTORS["texts"], ids=lambda case: case["text"])
def test_texts_are_read_as_the_rule_says(case: dict[str, Any]) -> None:
    about = description({"metadata": {**CASES[0]["metadata"], "interface": interface(case)}})
    if case["set"] is None:
        with pytest.raises(GeneratorError):
            about.condition.encode(case["text"])
    else:
        assert np.flatnonzero(about.condition.encode(case["text"])).tolist() == case["set"]


def interface(case: dict[str, Any]) -> dict[str, Any]:
    return {"resolution": 8, "channels": 3, "condition": case["condition"]}


def test_words_are_those_of_the_paper_s_authors() -> None:
    # Random123, kat_vectors: philox4x32 10, all zeros.
    known = [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    assert words(0, np.array([0], np.uint64), 0, 4).tolist() == [known]


def test_the_number_of_an_image_counts_and_not_its_place() -> None:
    numbers = np.array([5, 2**33 + 1, 0], np.uint64)
    alone = [words(9, numbers[place : place + 1], 1, 7)[0] for place in range(3)]
    np.testing.assert_array_equal(words(9, numbers, 1, 7), alone)
