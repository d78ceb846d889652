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
from ganx_animefaces.config import AnimefacesConfig
from ganx_animefaces.dataset import open_dataset
from ganx_animefaces.draw import draw_faces, draw_labels
from ganx_animefaces.plugin import ganx_datasets
from ganx_animefaces.rendered import RenderedFaces

SMALL = {"resolution": 16, "size": 10}


def opened(**settings: Any) -> Dataset:
    return open_dataset(AnimefacesConfig(**(SMALL | settings)))


def test_without_a_folder_faces_are_rendered_and_it_is_said() -> None:
    assert opened(size=18_000).notice == (
        "No folder of anime faces was given (--data DIR), so 18,000 faces are rendered instead; "
        "scores on them are not comparable to those on real ones."
    )


def test_faces_that_were_asked_for_are_not_comparable_either() -> None:
    notice = opened(source="rendered").notice
    assert notice.startswith("As dataset.source is 'rendered', 10 faces are rendered")
    assert "not comparable" in notice


def test_few_faces_leave_classes_empty_and_it_is_said() -> None:
    dataset = opened(size=1)
    assert "No image has " in dataset.notice
    assert len(dataset.provenance["empty_classes"]["hair"]) == 11
    assert len(dataset.provenance["empty_classes"]["eyes"]) == 10


def test_source_rendered_with_a_folder_is_a_contradiction(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"'rendered', but a folder is given too"):
        opened(source="rendered", folder=tmp_path)


def test_all_132_pairs_are_equally_likely() -> None:
    hair, eyes = draw_labels(0, 0, 18_000).T
    counts = np.bincount(hair * 11 + eyes, minlength=132)
    expected = 18_000 / 132
    assert len(counts) == 132
    chi_squared = ((counts - expected) ** 2 / expected).sum()
    assert chi_squared < 131 + 4 * np.sqrt(2 * 131)


def test_the_labels_of_a_seed_stay_what_they_are() -> None:
    assert draw_labels(0, 0, 4).tolist() == [[7, 2], [0, 0], [9, 10], [7, 8]]
    assert draw_labels(0, 2, 4).tolist() == [[9, 10], [7, 8]]


def test_image_and_label_do_not_depend_on_how_many_are_asked_for(tmp_path: Path) -> None:
    few, more = opened(size=4), opened(size=70)
    np.testing.assert_array_equal(few.conditions, more.conditions[:4])
    few_store, more_store = (prepare(data, "animefaces", tmp_path) for data in (few, more))
    np.testing.assert_array_equal(few_store.images, more_store.images[:4])


def test_the_store_holds_what_the_renderer_draws(tmp_path: Path) -> None:
    store = prepare(opened(size=70, seed=3), "animefaces", tmp_path)
    np.testing.assert_array_equal(store.images, draw_faces(3, 0, 70, 16))


def test_images_are_on_the_cpu_whatever_the_device() -> None:
    pixels = RenderedFaces(0, 10, 16).read(2, 5, "cuda")
    assert pixels.device.type == "cpu"
    assert (pixels.shape, pixels.dtype) == ((3, 16, 16, 3), torch.uint8)


def test_another_seed_draws_other_faces() -> None:
    assert (draw_faces(0, 0, 4, 16) != draw_faces(1, 0, 4, 16)).any(axis=(1, 2, 3)).all()


def test_the_fingerprint_depends_on_seed_size_and_resolution() -> None:
    prints = {
        RenderedFaces(0, 10, 16).fingerprint(),
        RenderedFaces(1, 10, 16).fingerprint(),
        RenderedFaces(0, 11, 16).fingerprint(),
        RenderedFaces(0, 10, 17).fingerprint(),
        RenderedFaces(0, 10, 16).fingerprint(),
    }
    assert len(prints) == 4


def test_a_new_renderer_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = RenderedFaces(0, 10, 16).fingerprint()
    monkeypatch.setattr("ganx_animefaces.rendered.RenderedFaces.version", 1_000)
    assert RenderedFaces(0, 10, 16).fingerprint() != before


def test_the_provenance_tells_how_to_render_the_same_again() -> None:
    provenance = opened(seed=4).provenance
    assert provenance["source"] == "rendered"
    assert provenance["renderer"] >= 1
    assert (provenance["seed"], provenance["images"], provenance["resolution"]) == (4, 10, 16)
    assert json.loads(json.dumps(provenance)) == provenance


def test_mirrored_faces_are_shown_only_when_asked_for() -> None:
    assert opened().augmentation == "none"
    assert opened(mirror=True).augmentation == "mirror"


def test_without_labels_there_is_no_condition_and_no_prompt() -> None:
    dataset = opened(labels=False, size=500)
    assert dataset.interface.condition.kind == "none"
    assert dataset.prompts == {}


def test_the_prompts_ask_for_each_hair_colour_twice_and_each_eye_colour() -> None:
    prompts = opened(size=500).prompts["pairs"]
    hair, eyes = zip(*(prompt.split(", ") for prompt in prompts), strict=True)
    assert len(set(prompts)) == 24
    assert all(hair.count(value) == 2 for value in hair)
    assert min(eyes.count(value) for value in eyes) == 2
    assert len(set(eyes)) == 11


def test_a_run_without_labels_has_a_judge_of_other_images_with_labels() -> None:
    datasets = {spec.name: spec for spec in ganx_datasets()}
    table = {"name": "animefaces", "seed": 5, "size": 9, "resolution": 16, "labels": False}
    found = open_for_judge(datasets, table, {})
    assert found.interface.condition.size > 0
    assert (found.provenance["seed"], len(found.images)) == (1005, 9)


def test_the_cache_is_the_same_for_every_device() -> None:
    images = RenderedFaces(0, 9, 16)
    assert pixels_fingerprint(images, "cuda") == images.fingerprint()
