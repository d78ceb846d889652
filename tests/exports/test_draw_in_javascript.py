"""A page draws the images of a seed that ganx draws: ganx_draw.mjs, run by node where it is."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import draw_vectors
import numpy as np
import pytest

from ganx.contracts.condition import Condition
from ganx.contracts.latent import Latent
from ganx.contracts.summary import ConditionSummary
from ganx.sampling.drawing import draw_conditions, draw_latents
from ganx.sampling.philox import philox

PROGRAM = Path(__file__).parents[2] / "exports/web/ganx_draw.mjs"
VECTORS = json.loads(draw_vectors.VECTORS.read_text())
CASES, TEXTS = VECTORS["cases"], VECTORS["texts"]
NAMES = [case["name"] for case in CASES]
RNG = np.random.default_rng(0)
COUNTERS, KEYS = (RNG.integers(0, 2**32, (200, size), np.uint64) for size in (4, 2))
LABELLED = next(case for case in CASES if case["name"] == "classes")
SEEDS = ["-1", str(2**64), "1.5", "", "three", 2**53, 0.5]

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def asked(**items: Any) -> dict[str, Any]:
    return {"cases": [], "texts": [], "words": [], **items}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All answers of one process."""
    words = [
        {"counter": counter.tolist(), "key": key.tolist()}
        for counter, key in zip(COUNTERS, KEYS, strict=True)
    ]
    return answers(tmp_path_factory.mktemp("vectors"), **VECTORS, words=words)


def answers(folder: Path, **items: Any) -> dict[str, Any]:
    path = folder / "asked.json"
    path.write_text(json.dumps(asked(**items)))
    command = ["node", str(draw_vectors.VECTORS.with_suffix(".mjs")), str(PROGRAM), str(path)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_words_are_those_of_philox(told: dict[str, Any]) -> None:
    expected = [
        philox(c, (int(k[0]), int(k[1]))).tolist() for c, k in zip(COUNTERS, KEYS, strict=True)
    ]
    assert told["words"] == expected


@pytest.mark.parametrize("number", range(len(CASES)), ids=NAMES)
def test_latents_and_conditions_are_those_of_the_vectors(told: dict[str, Any], number: int) -> None:
    expected = np.array(CASES[number]["z"], np.float32)
    # Logarithm and cosine may differ in the last bit of 64 from machine to machine.
    np.testing.assert_array_max_ulp(np.array(told["z"][number], np.float32), expected, maxulp=1)
    assert told["c"][number] == CASES[number]["c"]


@pytest.mark.parametrize("number", range(len(CASES)), ids=NAMES)
def test_several_images_lie_behind_each_other(told: dict[str, Any], number: int) -> None:
    case = CASES[number]
    metadata, seed = case["metadata"], int(case["seed"])
    images = range(case["images"][0], case["images"][0] + 3)
    z = draw_latents(Latent.from_json(metadata["latent"]), seed, images).ravel()
    found, c = told["three"][number]
    np.testing.assert_array_max_ulp(np.array(found, np.float32), z, maxulp=1)
    if "distribution" in metadata:
        summary = ConditionSummary.from_json(metadata["distribution"])
        condition = Condition.from_json(metadata["interface"]["condition"])
        assert c == draw_conditions(summary, condition, seed, images).ravel().tolist()


@pytest.mark.parametrize("number", range(len(TEXTS)), ids=[repr(one["text"]) for one in TEXTS])
def test_texts_are_read_as_ganx_reads_them(told: dict[str, Any], number: int) -> None:
    found, expected = told["texts"][number], TEXTS[number]["set"]
    if expected is None:
        assert isinstance(found, str)
        assert found.endswith(".")
    else:
        assert np.flatnonzero(found).tolist() == expected


def test_what_cannot_be_drawn_is_told(tmp_path: Path) -> None:
    metadata = LABELLED["metadata"]
    bare = {key: value for key, value in metadata.items() if key != "distribution"}
    other = {**metadata, "drawing": "ganx-draw-2"}
    cases = [
        {"metadata": bare, "seed": "1", "images": [0]},
        {"metadata": other, "seed": "1", "images": [0]},
        *({"metadata": metadata, "seed": seed, "images": [0]} for seed in SEEDS),
    ]
    found = answers(tmp_path, cases=cases)
    assert "how often each label occurred" in found["c"][0][0]
    assert isinstance(found["z"][0][0], list)
    for drawn in ("z", "c"):
        assert 'by the rule "ganx-draw-2"' in found[drawn][1][0]
        for seed, (message,) in zip(SEEDS, found[drawn][2:], strict=True):
            assert f"from 0 to 18446744073709551615, not {seed}." in message
