import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from ganx.contracts.dataset import Dataset
from ganx.data.manifest import pixels_fingerprint
from ganx.data.store import prepare
from ganx.errors import ConfigError
from ganx.judging.material import open_for_judge
from ganx_iclevr.config import IclevrConfig
from ganx_iclevr.dataset import open_dataset
from ganx_iclevr.plugin import ganx_datasets
from ganx_iclevr.render import BLOCK_IMAGES, render_images
from ganx_iclevr.render import labels as drawn
from ganx_iclevr.rendered import RenderedImages
from ganx_iclevr.vocabulary import COLOURS, OBJECTS, SHAPES

SMALL = {"resolution": 16, "size": 10}


def opened(**settings: Any) -> Dataset:
    return open_dataset(IclevrConfig(**(SMALL | settings)))


def test_without_a_folder_scenes_are_rendered_and_it_is_said() -> None:
    assert opened(size=18009).notice == (
        "No folder of real i-CLEVR images was given (--data DIR), so 18,009 scenes are rendered "
        "instead; scores on them are not comparable to published ones."
    )


def test_scenes_that_were_asked_for_are_not_comparable_either() -> None:
    notice = opened(source="rendered").notice
    assert "No folder" not in notice
    assert "10 scenes are rendered" in notice
    assert "not comparable" in notice


def test_source_rendered_with_a_folder_is_a_contradiction(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"'rendered', but a folder is given too"):
        opened(source="rendered", folder=tmp_path)


def test_each_image_shows_one_to_three_objects() -> None:
    assert opened().conditions.sum(axis=1).tolist() == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1]


def test_image_and_label_do_not_depend_on_how_many_are_asked_for(tmp_path: Path) -> None:
    few, more = opened(size=4), opened(size=BLOCK_IMAGES + 2)
    np.testing.assert_array_equal(few.conditions, more.conditions[:4])
    few_store, more_store = (prepare(data, "iclevr", tmp_path) for data in (few, more))
    np.testing.assert_array_equal(few_store.images, more_store.images[:4])


def test_the_store_holds_what_the_renderer_draws(tmp_path: Path) -> None:
    count = BLOCK_IMAGES + 5
    store = prepare(opened(size=count, seed=3), "iclevr", tmp_path)
    expected = render_images(3, 0, count, 16)
    np.testing.assert_array_equal(store.images, expected.numpy())


def test_the_fingerprint_depends_on_seed_size_and_resolution() -> None:
    prints = {
        RenderedImages(0, 10, 16).fingerprint(),
        RenderedImages(1, 10, 16).fingerprint(),
        RenderedImages(0, 11, 16).fingerprint(),
        RenderedImages(0, 10, 17).fingerprint(),
        RenderedImages(0, 10, 16).fingerprint(),
    }
    assert len(prints) == 4


def test_scenes_of_a_gpu_are_cached_beside_those_of_a_cpu() -> None:
    images = RenderedImages(0, 10, 16)
    assert pixels_fingerprint(images, "cpu") == images.fingerprint()
    assert pixels_fingerprint(images, "cuda") == pixels_fingerprint(images, "cuda:1")
    assert pixels_fingerprint(images, "cuda") != images.fingerprint()


def test_a_new_renderer_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = RenderedImages(0, 10, 16).fingerprint()
    monkeypatch.setattr("ganx_iclevr.rendered.RenderedImages.version", 1_000)
    assert RenderedImages(0, 10, 16).fingerprint() != before


def test_the_device_reaches_the_renderer_and_pixels_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def draw(seed: int, start: int, stop: int, side: int, device: str = "cpu") -> torch.Tensor:
        return torch.full((stop - start, side, side, 3), seed, dtype=torch.uint8, device=device)

    monkeypatch.setattr("ganx_iclevr.rendered.render_images", draw)
    assert RenderedImages(5, 10, 16).read(2, 4, "cpu:0").device.type == "cpu"
    with pytest.raises(NotImplementedError, match="meta"):
        RenderedImages(5, 10, 16).read(2, 4, "meta")


def test_the_provenance_tells_how_to_render_the_same_again() -> None:
    provenance = opened(seed=4).provenance
    assert provenance["source"] == "rendered"
    assert provenance["renderer"] >= 1
    assert (provenance["seed"], provenance["images"], provenance["resolution"]) == (4, 10, 16)
    assert json.loads(json.dumps(provenance)) == provenance


def test_renderer_and_vocabulary_number_the_objects_alike() -> None:
    assert (drawn.SHAPES, drawn.COLOURS) == (SHAPES, COLOURS)


def test_the_vocabulary_is_the_24_objects() -> None:
    dataset = opened()
    assert dataset.interface.condition.groups[0].values == OBJECTS
    assert len(set(OBJECTS)) == 24
    assert OBJECTS[0] == "gray cube"
    assert OBJECTS[9] == "red sphere"
    assert OBJECTS[23] == "yellow cylinder"


@pytest.mark.parametrize(("name", "objects"), [("test", 72), ("new_test", 84)])
def test_the_shipped_prompts_are_the_protocols(name: str, objects: int) -> None:
    dataset = opened()
    vectors = [dataset.interface.condition.encode(text) for text in dataset.prompts[name]]
    assert len(vectors) == 32
    assert sum(map(sum, vectors)) == objects


def test_the_first_prompt_of_each_set_is_as_published() -> None:
    prompts = opened().prompts
    assert prompts["test"][0] == "gray cube"
    assert prompts["new_test"][0] == "gray cube, red cube, gray sphere"


def test_a_run_without_labels_has_a_judge_of_other_images_with_labels() -> None:
    datasets = {spec.name: spec for spec in ganx_datasets()}
    table = {"name": "iclevr", "seed": 5, "size": 9, "resolution": 16, "labels": False}
    found = open_for_judge(datasets, table, {})
    assert found.interface.condition.size > 0
    assert (found.provenance["seed"], len(found.images)) == (1005, 9)
